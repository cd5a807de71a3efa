import { Injectable } from '@nestjs/common';
import { encodeCursor, type Page, type PageQuery } from '../../http/page';
import { InvalidValueError, NotFoundError } from '../../common/inboxwire.error';
import { EventReaderService } from '../../event/log/event-reader.service';
import { DeliveryFilterService } from './delivery-filter.service';
import { readDeliveryId } from './delivery-id';
import { type DeliveryFilter, DeliveryListStore } from './delivery-list.store';
import { DeliveryRetryStore } from './delivery-retry.store';
import { EndpointService } from './endpoint.service';
import { DeliveryNotDeadError, EndpointDisabledError } from '../delivery.errors';
import type { Delivery, DeliveryKey } from '../attempt/delivery.types';

/** What has become of each event at each endpoint, and another chance for what is dead. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly deliveries: DeliveryListStore,
    private readonly retries: DeliveryRetryStore,
    private readonly events: EventReaderService,
    private readonly filters: DeliveryFilterService,
    private readonly endpoints: EndpointService,
  ) {}

  /** The newest events first. @throws InvalidValueError when the cursor is none; ValidationFailedError for ids that nothing has */
  async list(filter: DeliveryFilter, { limit, cursor }: PageQuery): Promise<Page<Delivery>> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.deliveries.list(filter, before, limit + 1);
    if (rows.length === 0) await this.filters.require(filter);
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Delivery> {
    const key = readDeliveryId(id);
    const [delivery] = key ? await this.deliveries.list(key, undefined, 1) : [];
    if (!delivery) throw new NotFoundError('delivery', id);
    return delivery;
  }

  /**
   * @throws NotFoundError when there is no such delivery, or it is dead and its event has left the log;
   * DeliveryNotDeadError when it is delivered; EndpointDisabledError when nothing would be tried
   */
  async retry(id: string): Promise<Delivery> {
    const delivery = await this.get(id);
    if (delivery.status === 'delivered') throw new DeliveryNotDeadError(delivery);
    const endpoint = await this.endpoints.get(delivery.endpointId);
    if (endpoint.status === 'disabled') throw new EndpointDisabledError(endpoint);
    if (delivery.status === 'pending') await this.retries.retryPending(delivery);
    // Read anew: its last attempt may have ended meanwhile.
    const current = await this.get(id);
    if (current.status !== 'dead') return current;
    await this.events.get(delivery.eventId);
    await this.retries.retryDead(delivery);
    return this.get(id);
  }
}

function decodeCursor(cursor: string): DeliveryKey {
  const key = readDeliveryId(Buffer.from(cursor, 'base64url').toString());
  if (!key) throw new InvalidValueError('cursor', 'must be the nextCursor of an earlier page');
  return key;
}
