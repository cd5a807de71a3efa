import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { isAfter, type ReplayPoint, replayParameters } from './replay-point';
import { subscribes } from '../endpoint/subscription-filter';

/**
 * Events that belong to no mailbox. There is no order to keep among them and no cursor that passes them, so each
 * endpoint that subscribes to one is given a parked delivery of it at once. An endpoint with a list of mailboxes gets none
 * of them, and none gets an event about itself.
 */
@Injectable()
export class OperationalEventStore {
  /**
   * Within the transaction that appends the event.
   *
   * @param about the endpoint that the event is about
   */
  async deliver(on: SqlExecutor, eventId: string, about: string): Promise<void> {
    // Locked, or deleting an endpoint at this moment would break the foreign key.
    await sql(
      on,
      `INSERT INTO deliveries (${COLUMNS})
       SELECT ${VALUES} FROM endpoints, events
       WHERE events.id = $1 AND endpoints.id <> $2 AND cardinality(mailbox_ids) = 0 AND ${subscribes('type')}
       ORDER BY endpoints.id FOR KEY SHARE OF endpoints`,
      [eventId, about],
    );
  }

  /** Those after the point are delivered again, or for the first time. */
  async replay(on: SqlExecutor, endpointId: string, point: ReplayPoint): Promise<void> {
    await sql(
      on,
      `INSERT INTO deliveries (${COLUMNS})
       SELECT ${VALUES} FROM endpoints, events
       WHERE endpoints.id = $1 AND cardinality(mailbox_ids) = 0 AND ${subscribes('type')}
         AND mailbox_id IS NULL AND ${isAfter('events')} AND data->>'endpointId' IS DISTINCT FROM $1
       ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = excluded.status, failures = 0,
         parked = true, next_attempt_at = excluded.next_attempt_at`,
      [endpointId, ...replayParameters(point)],
    );
  }
}

const COLUMNS = 'endpoint_id, event_id, event_type, status, attempts, parked, next_attempt_at';
const VALUES = `endpoints.id, events.id, type, 'pending', '[]', true, now()`;
