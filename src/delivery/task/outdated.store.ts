import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { passesFilterById, subscribes } from '../endpoint/subscription-filter';
import { afterBatch, BATCH_SIZE, type BatchResult, type EndpointTask } from './endpoint-task';
import { lockCursors, pendingDeliveries } from './task-batch.store';

/** While the attempt of a cursor that is over is under way. */
const ATTEMPT_WAIT_MS = 1_000;

/** Ends what an endpoint's subscription no longer brings to it. */
@Injectable()
export class OutdatedStore {
  /**
   * Deliveries that wait for their next attempt, and that no cursor will come to: their mailbox is no longer included, or
   * their type no longer passes. Then the cursor that stands before one goes on with the next event.
   */
  async dropDeliveries(on: SqlExecutor, { endpointId, position }: EndpointTask): Promise<BatchResult> {
    const pending = await pendingDeliveries(on, endpointId, position);
    const ids = pending.map(({ eventId }) => eventId);
    await lockCursors(on, endpointId, pending);
    await sql(
      on,
      `WITH dropped AS (
         UPDATE deliveries delivery SET status = 'dead', next_attempt_at = NULL
         FROM endpoints
         WHERE endpoints.id = $1 AND delivery.endpoint_id = $1 AND event_id = ANY ($2)
           AND delivery.status = 'pending' AND NOT parked AND mailbox_id IS NOT NULL
           AND NOT (${subscribes('event_type')} AND ${passesFilterById('event_id')} AND EXISTS (
             SELECT 1 FROM delivery_cursors cursor
             WHERE cursor.endpoint_id = $1 AND cursor.mailbox_id = delivery.mailbox_id
               AND cursor.epoch = endpoints.epoch AND cursor.sequence < delivery.sequence))
         RETURNING mailbox_id, sequence)
       UPDATE delivery_cursors cursor SET attempts = 0, next_attempt_at = now()
       FROM dropped
       WHERE endpoint_id = $1 AND cursor.mailbox_id = dropped.mailbox_id AND cursor.sequence < dropped.sequence`,
      [endpointId, ids],
    );
    return afterBatch(ids);
  }

  /** Cursors of mailboxes that are no longer included. One whose attempt is under way is waited for, to have it on record. */
  async dropCursors(on: SqlExecutor, { endpointId, position }: EndpointTask): Promise<BatchResult> {
    const scanned = await sql<{ mailbox_id: string; is_claimed: boolean }>(
      on,
      `SELECT mailbox_id, epoch < (SELECT epoch FROM endpoints WHERE id = $1) AND claimed_until >= now() AS is_claimed
       FROM delivery_cursors WHERE endpoint_id = $1 AND mailbox_id > $2 ORDER BY mailbox_id LIMIT $3`,
      [endpointId, position ?? '', BATCH_SIZE],
    );
    const ids = scanned.map(({ mailbox_id }) => mailbox_id);
    await sql(
      on,
      `WITH outdated AS (
         SELECT mailbox_id FROM delivery_cursors
         WHERE endpoint_id = $1 AND mailbox_id = ANY ($2) AND epoch < (SELECT epoch FROM endpoints WHERE id = $1)
           AND (claimed_until IS NULL OR claimed_until < now())
         ORDER BY mailbox_id FOR UPDATE)
       DELETE FROM delivery_cursors cursor USING outdated
       WHERE endpoint_id = $1 AND cursor.mailbox_id = outdated.mailbox_id`,
      [endpointId, ids],
    );
    return scanned.some(({ is_claimed }) => is_claimed) ? { wait: ATTEMPT_WAIT_MS } : afterBatch(ids);
  }
}
