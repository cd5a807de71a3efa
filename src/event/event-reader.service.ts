import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isId } from '../common/id';
import { InboxwireError, NotFoundError } from '../common/inboxwire.error';
import { sql } from '../database/sql';
import { EVENT_COLUMNS, type EventRow, toEvent } from './event.row';
import type { InboxwireEvent } from './event.types';

export interface EventFilter {
  mailboxId?: string;
  types?: string[];
}

export interface EventPage {
  data: InboxwireEvent[];
  nextCursor: string | null;
}

/** The cursor points before the log's beginning, or to nothing that ever was. */
export class CursorExpiredError extends InboxwireError {
  constructor(after: string, oldest: string | null) {
    const remedy = oldest
      ? `The oldest event left is ${oldest}: read from the beginning by leaving out \`after\`.`
      : 'The log is empty: read it without `after`.';
    super(
      'cursor_expired',
      `The log does not hold ${after}; it is older than the retention, or never was. ${remedy}`,
    );
  }
}

/** The read side of the log, in the one order that never changes. */
@Injectable()
export class EventReaderService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The events after one of them, oldest first. Reading page by page while others append never misses an event: only
   * what no running transaction can still precede is shown.
   *
   * @throws CursorExpiredError when `after` is not in the log
   */
  async list(after: string | undefined, filter: EventFilter, limit: number): Promise<EventPage> {
    const from = after === undefined ? { commit_order: '-1', position: '-1' } : await this.place(after);
    const rows = await sql<EventRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS} FROM events
       WHERE (commit_order, position) > ($1, $2) AND commit_order < event_commit_horizon()
         AND ($3::text IS NULL OR mailbox_id = $3) AND ($4::text[] IS NULL OR type = ANY ($4))
       ORDER BY commit_order, position LIMIT $5`,
      [from.commit_order, from.position, filter.mailboxId ?? null, filter.types ?? null, limit],
    );
    return { data: rows.map(toEvent), nextCursor: rows.at(-1)?.id ?? after ?? null };
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<InboxwireEvent> {
    if (!isId('evt', id)) throw new NotFoundError('event', id);
    const [row] = await sql<EventRow>(this.dataSource, `SELECT ${EVENT_COLUMNS} FROM events WHERE id = $1`, [
      id,
    ]);
    if (!row) throw new NotFoundError('event', id);
    return toEvent(row);
  }

  /** Events of one mailbox after a `sequence`, in order; what a delivery cursor reads. All of them are committed. */
  async ofMailbox(
    mailboxId: string,
    after: bigint,
    types: string[],
    limit: number,
  ): Promise<InboxwireEvent[]> {
    const rows = await sql<EventRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS} FROM events
       WHERE mailbox_id = $1 AND sequence > $2 AND (cardinality($3::text[]) = 0 OR type = ANY ($3))
       ORDER BY sequence LIMIT $4`,
      [mailboxId, after.toString(), types, limit],
    );
    return rows.map(toEvent);
  }

  /** Whether the mailbox has ever had an event, also when none is left. */
  async hasEver(mailboxId: string): Promise<boolean> {
    const rows = await sql(this.dataSource, 'SELECT 1 FROM mailbox_sequences WHERE mailbox_id = $1', [
      mailboxId,
    ]);
    return rows.length > 0;
  }

  /** Where an event stands in the log. @throws CursorExpiredError when the log does not hold it */
  async place(id: string): Promise<{ commit_order: string; position: string }> {
    const [row] = await sql<{ commit_order: string; position: string }>(
      this.dataSource,
      'SELECT commit_order, position FROM events WHERE id = $1',
      [id],
    );
    if (row) return row;
    const [oldest] = await sql<{ id: string }>(
      this.dataSource,
      'SELECT id FROM events ORDER BY commit_order, position LIMIT 1',
    );
    throw new CursorExpiredError(id, oldest?.id ?? null);
  }
}
