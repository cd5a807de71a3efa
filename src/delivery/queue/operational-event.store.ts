import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { isAfter, type ReplayPoint, replayParameters } from './replay-point';
import { passesFilter, passesFilterById, subscribes } from '../endpoint/subscription-filter';

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
    await sql(
      on,
      `INSERT INTO deliveries (${COLUMNS})
       SELECT ${VALUES('events')} FROM endpoints, events
       WHERE events.id = $1 AND endpoints.id <> $2 AND cardinality(mailbox_ids) = 0 AND ${subscribes('type')}
         AND ${passesFilter('events')}`,
      [eventId, about],
    );
  }

  /**
   * Those after the point are delivered again, or for the first time, a batch at a time.
   *
   * @param after the last of the batch before; null for the first batch
   * @returns where those of this batch stand in the log
   */
  async replay(
    on: SqlExecutor,
    endpointId: string,
    point: ReplayPoint,
    after: string | null,
    limit: number,
  ): Promise<string[]> {
    const [commitOrder, position] = (after ?? '-1 -1').split(' ');
    const batch = await sql<{ key: string }>(
      on,
      `WITH batch AS (
         SELECT * FROM events WHERE mailbox_id IS NULL AND ${isAfter('events')} AND (commit_order, position) > ($5, $6)
         ORDER BY commit_order, position LIMIT $7),
       replayed AS (
         INSERT INTO deliveries (${COLUMNS})
         SELECT ${VALUES('batch')} FROM endpoints, batch
         WHERE endpoints.id = $1 AND cardinality(mailbox_ids) = 0 AND ${subscribes('type')}
           AND ${passesFilterById('batch.id')} AND data->>'endpointId' IS DISTINCT FROM $1
         ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = excluded.status, failures = 0,
           parked = true, next_attempt_at = excluded.next_attempt_at)
       SELECT commit_order || ' ' || position AS key FROM batch ORDER BY commit_order, position`,
      [endpointId, ...replayParameters(point), commitOrder, position, limit],
    );
    return batch.map(({ key }) => key);
  }
}

const COLUMNS = 'endpoint_id, event_id, event_type, status, attempts, parked, next_attempt_at';
const VALUES = (event: string) => `endpoints.id, ${event}.id, type, 'pending', '[]', true, now()`;
