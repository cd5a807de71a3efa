import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { CursorExpiredError } from '../event.errors';
import type { EventRow } from './event.row';
import { BEGINNING, isAfter, type LogPosition } from './log-position';

export type PositionRow = Pick<EventRow, 'commit_order' | 'position' | 'id'>;

/** Where the event of a row stands. */
export function toPosition({ commit_order, position, id }: PositionRow): LogPosition {
  return { commitOrder: BigInt(commit_order), position: BigInt(position), id };
}

/** Where events stand in the log, and up to where it is shown: below the oldest transaction that runs. */
@Injectable()
export class LogPositionStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The position of an event. @throws CursorExpiredError when the log does not hold it */
  async of(id: string): Promise<LogPosition> {
    return (await this.find(id)).position;
  }

  /**
   * The position to go on from for somebody who has this event. One that is not shown yet (a webhook can be ahead of the log)
   * stands for the last event shown before it: others may still come between, so what follows may repeat and never skips.
   *
   * @throws CursorExpiredError when the log does not hold it
   */
  async shown(id: string): Promise<LogPosition> {
    const { position, isShown } = await this.find(id);
    if (isShown) return position;
    const [row] = await sql<PositionRow>(
      this.dataSource,
      `SELECT commit_order, position, id FROM events
       WHERE commit_order < event_commit_horizon() AND (commit_order, position) <= ($1, $2)
       ORDER BY commit_order DESC, position DESC LIMIT 1`,
      [String(position.commitOrder), String(position.position)],
    );
    return row ? toPosition(row) : BEGINNING;
  }

  /** The position of the last event that is shown. */
  async end(): Promise<LogPosition> {
    const [row] = await sql<PositionRow>(
      this.dataSource,
      `SELECT commit_order, position, id FROM events WHERE commit_order < event_commit_horizon()
       ORDER BY commit_order DESC, position DESC LIMIT 1`,
    );
    return row ? toPosition(row) : BEGINNING;
  }

  /** The position of the last event that is shown; undefined when it is not after this one. */
  async endAfter(position: LogPosition): Promise<LogPosition | undefined> {
    const end = await this.end();
    return isAfter(end, position) ? end : undefined;
  }

  /** The last of so many events that are shown after a position; undefined when there is none. */
  async ahead({ commitOrder, position }: LogPosition, events: number): Promise<LogPosition | undefined> {
    const [row] = await sql<PositionRow>(
      this.dataSource,
      `SELECT commit_order, position, id FROM (
         SELECT commit_order, position, id FROM events
         WHERE (commit_order, position) > ($1, $2) AND commit_order < event_commit_horizon()
         ORDER BY commit_order, position LIMIT $3) scanned
       ORDER BY commit_order DESC, position DESC LIMIT 1`,
      [String(commitOrder), String(position), events],
    );
    return row && toPosition(row);
  }

  /** The last `sequence` of the mailbox that is not after the position, where that says so itself. */
  async sequence({ id }: LogPosition, mailboxId: string): Promise<string | undefined> {
    if (id === undefined) return '0';
    const [row] = await sql<{ sequence: string }>(
      this.dataSource,
      'SELECT sequence FROM events WHERE id = $1 AND mailbox_id = $2',
      [id, mailboxId],
    );
    return row?.sequence;
  }

  /** Whether anything was committed after the position, be it shown already or not. */
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

  private async find(id: string): Promise<{ position: LogPosition; isShown: boolean }> {
    const [row] = await sql<PositionRow & { is_shown: boolean }>(
      this.dataSource,
      `SELECT commit_order, position, id, commit_order < event_commit_horizon() AS is_shown
       FROM events WHERE id = $1`,
      [id],
    );
    if (row) return { position: toPosition(row), isShown: row.is_shown };
    const [oldest] = await sql<{ id: string }>(
      this.dataSource,
      'SELECT id FROM events ORDER BY commit_order, position LIMIT 1',
    );
    throw new CursorExpiredError(id, oldest?.id ?? null);
  }
}
