import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import type { LeftEvent } from '../event.types';
import { type EventRow, mailboxOf } from './event.row';
import { isAfter, type LogPosition } from './log-position';
import { toPosition } from './log-position.store';

export interface Trim {
  /** Milliseconds that an event stays. */
  age: number;
  /** How many leave at most. */
  limit: number;
  /** Where the log is known to begin, to save reading past what has left. */
  after: LogPosition;
}

/** Takes the beginning out of the log. */
@Injectable()
export class EventTrimStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Deletes the oldest events of the log, up to the first that may stay, whatever is behind that one: events are not
   * appended quite in the log's order. Which messages were in it is kept.
   *
   * @param report called within the transaction with what leaves
   * @returns how many have left, and the position of the last of them
   */
  trim(
    { age, limit, after }: Trim,
    report: (manager: EntityManager, left: LeftEvent[]) => Promise<void>,
  ): Promise<{ count: number; last: LogPosition }> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await deleteOldest(manager, age, limit, after);
      const left = rows.map((row) => ({
        ...{ id: row.id, type: row.type, sequence: row.sequence },
        mailbox: mailboxOf(row),
      }));
      if (left.length > 0) await report(manager, left);
      const last = rows.map(toPosition).reduce((one, other) => (isAfter(other, one) ? other : one), after);
      return { count: rows.length, last };
    });
  }
}

type LeftRow = Omit<EventRow, 'occurred_at' | 'origin' | 'data'>;

function deleteOldest(on: SqlExecutor, age: number, limit: number, after: LogPosition): Promise<LeftRow[]> {
  return sql<LeftRow>(
    on,
    `WITH oldest AS (
       SELECT commit_order, position, bool_and(occurred_at < now() - $1 * interval '1 ms')
         OVER (ORDER BY commit_order, position ROWS UNBOUNDED PRECEDING) AS leaves
       FROM events WHERE (commit_order, position) > ($3, $4) AND commit_order < event_commit_horizon()
       ORDER BY commit_order, position LIMIT $2),
     gone AS (
       DELETE FROM events USING oldest
       WHERE leaves AND (events.commit_order, events.position) = (oldest.commit_order, oldest.position)
       RETURNING events.commit_order, events.position, id, mailbox_id, email_address, external_id, type, sequence, message_id),
     seen AS (
       INSERT INTO seen_messages (mailbox_id, message_id)
       SELECT mailbox_id, message_id FROM gone WHERE type = 'message.added' AND message_id IS NOT NULL
       ON CONFLICT DO NOTHING)
     SELECT * FROM gone`,
    [age, limit, String(after.commitOrder), String(after.position)],
  );
}
