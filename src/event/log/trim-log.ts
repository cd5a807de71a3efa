import { sql, type SqlExecutor } from '../../database/sql';
import { toPlace } from './event-page.store';
import { type EventRow, mailboxOf } from './event.row';
import type { LeftEvent } from '../event.types';
import { isAfter, type LogPosition } from './log-position';

/**
 * Deletes the oldest events of the log, up to the first that may stay, whatever is behind that one: events are not
 * appended quite in the log's order. Which messages have been told is kept.
 *
 * @param age milliseconds that an event stays
 * @param after where the log is known to begin
 * @returns what has left, and the place of the last of it
 */
export async function trimLog(
  on: SqlExecutor,
  age: number,
  limit: number,
  after: LogPosition,
): Promise<{ left: LeftEvent[]; last: LogPosition }> {
  const rows = await sql<Omit<EventRow, 'occurred_at' | 'origin' | 'data'>>(
    on,
    `WITH oldest AS (
       SELECT position, bool_and(occurred_at < now() - $1 * interval '1 ms')
         OVER (ORDER BY commit_order, position ROWS UNBOUNDED PRECEDING) AS leaves
       FROM events WHERE (commit_order, position) > ($3, $4) AND commit_order < event_commit_horizon()
       ORDER BY commit_order, position LIMIT $2),
     gone AS (
       DELETE FROM events USING oldest WHERE leaves AND events.position = oldest.position
       RETURNING commit_order, events.position, id, mailbox_id, email_address, external_id, type, sequence, message_id),
     told AS (
       INSERT INTO seen_messages (mailbox_id, message_id)
       SELECT mailbox_id, message_id FROM gone WHERE type = 'message.added' AND message_id IS NOT NULL
       ON CONFLICT DO NOTHING)
     SELECT * FROM gone`,
    [age, limit, String(after.commitOrder), String(after.position)],
  );
  const left = rows.map((row) => ({
    ...{ id: row.id, type: row.type, sequence: row.sequence },
    mailbox: mailboxOf(row),
  }));
  const last = rows.map(toPlace).reduce((one, other) => (isAfter(other, one) ? other : one), after);
  return { left, last };
}
