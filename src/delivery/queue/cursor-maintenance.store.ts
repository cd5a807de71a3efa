import { Injectable } from '@nestjs/common';
import { sql, type SqlExecutor } from '../../database/sql';
import { includes, subscribes } from '../endpoint/subscription-filter';

/**
 * Keeps the delivery cursors in step with the log and with the endpoints' subscriptions. Cursors are locked in the order
 * (mailbox, endpoint) everywhere, so that appends, settlements and tasks of endpoints never deadlock.
 *
 * An endpoint has a cursor for each mailbox of which something was appended for it since it began to include it. A change
 * of its list of mailboxes begins an epoch: cursors of earlier ones count as absent, and nobody has to write them.
 */
@Injectable()
export class CursorMaintenanceStore {
  /**
   * Raises the high watermarks for appends that had not seen the endpoint's subscription: they were under way when it was
   * changed. Those up to now; others may follow until all that began before the change have ended.
   *
   * @param before a commit order: later transactions have seen it; null when that is not known
   */
  async catchUp(on: SqlExecutor, endpointId: string, before: string | null = null): Promise<void> {
    await sql(
      on,
      `WITH ${UNSEEN}
       SELECT raise_delivery_cursor(endpoint_id, epoch, subscribed_from, mailbox_id, first, last)
       FROM (SELECT * FROM unseen ORDER BY mailbox_id) raised`,
      [endpointId, before],
    );
  }

  /**
   * The endpoint is about to begin an epoch: takes the cursors of the mailboxes that it goes on to include into it, and
   * catches up on appends to them as `catchUp` does.
   */
  async keep(on: SqlExecutor, endpointId: string, mailboxIds: readonly string[]): Promise<void> {
    await sql(
      on,
      `WITH ${UNSEEN}
       INSERT INTO delivery_cursors AS cursor (endpoint_id, mailbox_id, epoch, sequence, high_watermark)
       SELECT endpoints.id, mailbox_id, endpoints.epoch + 1,
         delivery_cursor_start(mailbox_id, last_sequence + 1, endpoints.subscribed_from), coalesce(unseen.last, 0)
       FROM endpoints JOIN mailbox_sequences ON mailbox_id = ANY ($3) LEFT JOIN unseen USING (mailbox_id)
       WHERE endpoints.id = $1 ORDER BY mailbox_id
       -- One of an earlier epoch begins anew. An attempt under way keeps its claim until it is settled.
       ON CONFLICT (endpoint_id, mailbox_id) DO UPDATE SET
         high_watermark = CASE WHEN ${IS_ABSENT} THEN excluded.high_watermark
           ELSE greatest(cursor.high_watermark, excluded.high_watermark) END,
         attempts = CASE WHEN ${IS_ABSENT} THEN 0 ELSE cursor.attempts END,
         attempt_started_at = CASE WHEN ${IS_ABSENT} THEN NULL ELSE cursor.attempt_started_at END,
         retry_requested = cursor.retry_requested AND NOT (${IS_ABSENT}),
         next_attempt_at = CASE WHEN ${IS_ABSENT} THEN now() ELSE cursor.next_attempt_at END,
         replayed_sequence = CASE WHEN ${IS_ABSENT} THEN NULL ELSE cursor.replayed_sequence END,
         sequence = CASE WHEN ${IS_ABSENT} THEN excluded.sequence ELSE cursor.sequence END,
         epoch = excluded.epoch`,
      [endpointId, null, mailboxIds],
    );
  }
}

const IS_ABSENT = 'cursor.epoch < excluded.epoch - 1';

/**
 * Of an endpoint ($1): the mailboxes in which something was appended for it by transactions (before $2) that may not have
 * seen its subscription.
 */
const UNSEEN = `unseen AS (
  SELECT endpoints.id AS endpoint_id, epoch, subscribed_from, mailbox_id, min(sequence) AS first, max(sequence) AS last
  FROM endpoints CROSS JOIN LATERAL (SELECT subscribed_from::pg_snapshot AS point) point
  CROSS JOIN LATERAL (
    SELECT mailbox_id, sequence, type FROM pg_snapshot_xip(point) xid
    JOIN events ON commit_order = xid::text::bigint
    UNION ALL
    SELECT mailbox_id, sequence, type FROM events
    WHERE commit_order >= pg_snapshot_xmax(point)::text::bigint AND commit_order < coalesce($2::bigint, event_commit_order())) event
  WHERE endpoints.id = $1 AND mailbox_id IS NOT NULL AND ${includes('mailbox_id')} AND ${subscribes('type')}
  GROUP BY endpoints.id, mailbox_id)`;
