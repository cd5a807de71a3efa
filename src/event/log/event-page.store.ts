import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { CursorExpiredError } from '../event.errors';
import { EVENT_COLUMNS, EVENT_SIZE, type EventRow } from './event.row';
import type { EventFilter } from '../event.types';
import { BEGINNING, type LogPosition } from './log-position';

/** How much a page holds at most; the first event is there however large it is. */
export interface PageSize {
  events: number;
  /** Of the events' `data`. */
  bytes?: number;
}

/** Pages of the log in its order, of what no running transaction can still precede. */
@Injectable()
export class EventPageStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The events after a place. Retention takes events from the beginning, so as long as the event at the place is there
   * none is missing after it: one statement sees both or neither.
   *
   * @throws CursorExpiredError when the event at the place is no longer there
   */
  async after(place: LogPosition, filter: EventFilter, size: PageSize): Promise<EventRow[]> {
    const rows = await this.page(place, filter, size, place.id);
    if (rows.length === 0 && place.id !== undefined) await this.place(place.id);
    return rows;
  }

  /** The same for one who has read everything before the place, so that it does not matter what has left. */
  next(place: LogPosition, size: PageSize): Promise<EventRow[]> {
    return this.page(place, {}, size, undefined);
  }

  /** Whether anything was committed after the place, be it shown already or not. */
  async hasMore({ commitOrder, position }: LogPosition): Promise<boolean> {
    const rows = await sql(
      this.dataSource,
      'SELECT 1 FROM events WHERE (commit_order, position) > ($1, $2) LIMIT 1',
      [String(commitOrder), String(position)],
    );
    return rows.length > 0;
  }

  /**
   * What older transactions still hide of the log: up to where it is committed (`newest`), and where they let it end
   * (`horizon`). Nothing up to `newest` is hidden any more once the horizon is beyond it.
   */
  async ends(): Promise<{ newest: bigint; horizon: bigint }> {
    const [row] = await sql<{ newest: string; horizon: string }>(
      this.dataSource,
      'SELECT coalesce(max(commit_order), 0) AS newest, event_commit_horizon() AS horizon FROM events',
    );
    return { newest: BigInt(row!.newest), horizon: BigInt(row!.horizon) };
  }

  /** The place of an event. @throws CursorExpiredError when the log does not hold it */
  async place(id: string): Promise<LogPosition> {
    const [row] = await sql<PlaceRow>(
      this.dataSource,
      'SELECT commit_order, position, id FROM events WHERE id = $1',
      [id],
    );
    if (row) return toPlace(row);
    const [oldest] = await sql<{ id: string }>(
      this.dataSource,
      'SELECT id FROM events ORDER BY commit_order, position LIMIT 1',
    );
    throw new CursorExpiredError(id, oldest?.id ?? null);
  }

  /** The place of the last event that is shown. */
  async end(): Promise<LogPosition> {
    const [row] = await sql<PlaceRow>(
      this.dataSource,
      `SELECT commit_order, position, id FROM events WHERE commit_order < event_commit_horizon()
       ORDER BY commit_order DESC, position DESC LIMIT 1`,
    );
    return row ? toPlace(row) : BEGINNING;
  }

  private page(
    { commitOrder, position }: LogPosition,
    { mailboxId, types }: EventFilter,
    { events, bytes }: PageSize,
    provided: string | undefined,
  ): Promise<EventRow[]> {
    return sql<EventRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS} FROM (
         SELECT *, sum(${EVENT_SIZE}) OVER (ORDER BY commit_order, position ROWS UNBOUNDED PRECEDING)
           - ${EVENT_SIZE} AS bytes_before
         FROM events
         WHERE (commit_order, position) > ($1, $2) AND commit_order < event_commit_horizon()
           AND ($3::text IS NULL OR mailbox_id = $3) AND ($4::text[] IS NULL OR type = ANY ($4))
           AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM events WHERE id = $7))
         ORDER BY commit_order, position LIMIT $5) page
       WHERE $6::bigint IS NULL OR bytes_before < $6
       ORDER BY commit_order, position`,
      [
        String(commitOrder),
        String(position),
        mailboxId ?? null,
        types ?? null,
        events,
        bytes ?? null,
        provided ?? null,
      ],
    );
  }
}

type PlaceRow = Pick<EventRow, 'commit_order' | 'position' | 'id'>;

/** Where the event of a row stands. */
export function toPlace({ commit_order, position, id }: PlaceRow): LogPosition {
  return { commitOrder: BigInt(commit_order), position: BigInt(position), id };
}
