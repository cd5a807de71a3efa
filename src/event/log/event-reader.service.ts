import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { isId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';
import { sql } from '../../database/sql';
import {
  EVENT_COLUMNS,
  EVENT_SIZE,
  toEvent,
  toTrailedEvent,
  PROVENANCE_COLUMNS,
  type TrailRow,
} from './event.row';
import { EventPageStore, type PageSize } from './event-page.store';
import type { EventFilter, InboxwireEvent } from '../event.types';
import { BEGINNING, type LogPosition } from './log-position';

/** A page ends early rather than hold much more than so many bytes: an event of a strange mail can have several millions. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** How long (ms) a list waits for older transactions, and until it looks first: twice as long each time. */
const LONGEST_WAIT = 1_000;
const FIRST_WAIT = 4;

export interface EventPage {
  data: InboxwireEvent[];
  nextCursor: string | null;
}

export interface MailboxEvents {
  events: InboxwireEvent[];
  /** Whether no more of them were there; false when there may be. */
  isAll: boolean;
}

/** The read side of the log, in the one order that never changes. */
@Injectable()
export class EventReaderService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pages: EventPageStore,
  ) {}

  /**
   * The events after one of them, oldest first; fewer than `limit` when they are very large. Reading page by page while
   * others append never misses an event: only what no running transaction can still precede is shown. Whoever asks
   * after a commit finds it, unless a transaction that began earlier lasts for a second more.
   *
   * @throws CursorExpiredError when `after` is not in the log
   */
  async list(after: string | undefined, filter: EventFilter, limit: number): Promise<EventPage> {
    const place = after === undefined ? BEGINNING : await this.pages.place(after);
    const read = () => this.pages.after(place, filter, { events: limit, bytes: PAGE_BYTES });
    let rows = await read();
    if (rows.length < limit && (await this.waitForHidden())) rows = await read();
    return { data: rows.map(toEvent), nextCursor: rows.at(-1)?.id ?? after ?? null };
  }

  /** Where an event stands in the log. @throws CursorExpiredError when the log does not hold it */
  place(id: string): Promise<LogPosition> {
    return this.pages.place(id);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<InboxwireEvent> {
    if (!isId('evt', id)) throw new NotFoundError('event', id);
    const [row] = await sql<TrailRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS}, ${PROVENANCE_COLUMNS} FROM events WHERE id = $1`,
      [id],
    );
    if (!row) throw new NotFoundError('event', id);
    return toTrailedEvent(row);
  }

  /**
   * Events of one mailbox after a `sequence`, in order; what a delivery cursor reads. All of them are committed.
   *
   * @param size.bytes the first event is there however large it is
   */
  async ofMailbox(
    mailboxId: string,
    after: bigint,
    types: string[],
    size: Required<PageSize>,
  ): Promise<MailboxEvents> {
    const rows = await sql<TrailRow & { bytes_so_far: string }>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS}, ${PROVENANCE_COLUMNS}, bytes_so_far FROM (
         SELECT *, sum(${EVENT_SIZE}) OVER (ORDER BY sequence ROWS UNBOUNDED PRECEDING) AS bytes_so_far
         FROM events
         WHERE mailbox_id = $1 AND sequence > $2 AND (cardinality($3::text[]) = 0 OR type = ANY ($3))
         ORDER BY sequence LIMIT $4) page
       WHERE bytes_so_far - ${EVENT_SIZE} < $5
       ORDER BY sequence`,
      [mailboxId, after.toString(), types, size.events, size.bytes],
    );
    const isFull = rows.length === size.events || Number(rows.at(-1)?.bytes_so_far ?? 0) >= size.bytes;
    return { events: rows.map(toTrailedEvent), isAll: !isFull };
  }

  /** Waits until what is committed now is shown. @returns whether anything was hidden */
  private async waitForHidden(): Promise<boolean> {
    const { newest, horizon } = await this.pages.ends();
    if (newest < horizon) return false;
    const deadline = performance.now() + LONGEST_WAIT;
    for (let wait = FIRST_WAIT; performance.now() < deadline; wait *= 2) {
      await delay(wait);
      if ((await this.pages.ends()).horizon > newest) break;
    }
    return true;
  }

  /** Whether the mailbox has ever had an event, also when none is left. */
  async hasEver(mailboxId: string): Promise<boolean> {
    const rows = await sql(this.dataSource, 'SELECT 1 FROM mailbox_sequences WHERE mailbox_id = $1', [
      mailboxId,
    ]);
    return rows.length > 0;
  }
}
