import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import type { DeliveryKey } from '../attempt/delivery.types';
import { includes, subscribes } from '../endpoint/subscription-filter';

/** Gives dead deliveries all their attempts anew. Their cursors have gone on: each is tried for itself. */
@Injectable()
export class DeliveryRetryStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns whether it was dead */
  async retry({ endpointId, eventId }: DeliveryKey): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      `UPDATE deliveries SET ${AGAIN} WHERE endpoint_id = $1 AND event_id = $2 AND status = 'dead' RETURNING 1`,
      [endpointId, eventId],
    );
    return rows.length > 0;
  }

  /**
   * All that still pass the subscription filter, and that the log still holds. What a replay brings again anyway is left to it.
   *
   * @param since milliseconds since the epoch: only events that were appended then or later
   * @returns how many
   */
  async retryAll(endpointId: string, since: number | undefined): Promise<number> {
    const rows = await sql(
      this.dataSource,
      `UPDATE deliveries delivery SET ${AGAIN}
       FROM endpoints, events
       WHERE delivery.endpoint_id = $1 AND delivery.status = 'dead'
         AND endpoints.id = $1 AND events.id = delivery.event_id
         AND (events.mailbox_id IS NULL OR ${includes('events.mailbox_id')}) AND ${subscribes('events.type')}
         AND NOT EXISTS (SELECT 1 FROM delivery_cursors cursor
           WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = events.mailbox_id
             AND cursor.sequence < events.sequence)
         AND ($2::float8 IS NULL OR occurred_at >= to_timestamp($2 / 1000))
       RETURNING 1`,
      [endpointId, since ?? null],
    );
    return rows.length;
  }
}

const AGAIN = `status = 'pending', parked = true, failures = 0, next_attempt_at = now()`;
