import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { isId } from '../../common/id';
import { EventReaderService } from '../../event/log/event-reader.service';
import { ValidationFailedError } from '../../http/http.errors';
import type { ProblemDetail } from '../../http/problem';
import { MAX_NAMED, unknownId } from '../../http/unknown-id';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import { EndpointEntity } from '../endpoint/endpoint.entity';
import { type DeliveryFilter, DeliveryListStore } from './delivery-list.store';

/** What a list of deliveries is filtered by exists, or the caller gets an error: otherwise it is empty whatever happens. */
@Injectable()
export class DeliveryFilterService {
  constructor(
    @InjectRepository(EndpointEntity) private readonly endpoints: Repository<EndpointEntity>,
    private readonly mailboxes: MailboxReferenceService,
    private readonly events: EventReaderService,
    private readonly deliveries: DeliveryListStore,
  ) {}

  /** @throws ValidationFailedError with every id that nothing has */
  async require({ endpointId, mailboxId, eventId }: DeliveryFilter): Promise<void> {
    const faults = [
      ...(endpointId === undefined ? [] : await this.endpointFaults(endpointId)),
      ...(await this.mailboxes.faults('mailboxId', mailboxId)),
      ...(eventId === undefined ? [] : await this.eventFaults(eventId)),
    ];
    if (faults.length > 0) throw new ValidationFailedError(faults);
  }

  private async endpointFaults(id: string): Promise<ProblemDetail[]> {
    if (await this.endpoints.existsBy({ id })) return [];
    const first = await this.endpoints.find({ order: { id: 'ASC' }, take: MAX_NAMED + 1 });
    const existing = first.map(({ id, url }) => ({ id, name: url }));
    const message = unknownId(id, { kind: 'endpoint', list: '/v1/endpoints', existing });
    return [{ path: 'endpointId', message }];
  }

  /** An event that retention has taken away is known for as long as a delivery of it is kept. */
  private async eventFaults(eventId: string): Promise<ProblemDetail[]> {
    if (!isId('evt', eventId)) return [{ path: 'eventId', message: unknownId(eventId, EVENTS) }];
    if (await this.events.holds(eventId)) return [];
    if ((await this.deliveries.list({ eventId }, undefined, 1)).length > 0) return [];
    const message =
      `there is no event ${eventId}, and no delivery of it: it is older than the retention, or never was. ` +
      'GET /v1/events lists those that there are';
    return [{ path: 'eventId', message }];
  }
}

/** Never few: naming some of them would help nobody. */
const EVENTS = { kind: 'event', list: '/v1/events' } as const;
