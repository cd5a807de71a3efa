import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import type { EventFilter } from '../event.types';
import { MAX_EVENTS_SCANNED, type PageSize } from './event-page.store';
import { EVENT_COLUMNS, EVENT_SIZE, type EventRow } from './event.row';
import type { LogPosition } from './log-position';
import { type PositionRow, toPosition } from './log-position.store';

/** How somebody looks at the log: from which end, and at which time of it. */
export interface EventView<Time = Date> extends EventFilter {
  order: 'asc' | 'desc';
  /** Appended then or later. */
  since: Time | undefined;
  /** Appended before then. */
  until: Time | undefined;
}

export interface ViewRows {
  rows: EventRow[];
  /** Where to go on; undefined when nothing is left, or nothing yet. */
  last: LogPosition | undefined;
}

/** The times of events follow the log's order but for how long a transaction lasts between its id and its append. */
const MAX_DISORDER = `interval '1 minute'`;

/** Parameters of a statement that is put together. */
class Parameters {
  readonly values: unknown[] = [];

  /** In SQL: the parameter. */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** Pages of the log for people: in either direction, and of a time. Where a time lies in the log is found in some 30 steps. */
@Injectable()
export class EventViewStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param from what comes after it, in the order of the view; undefined: from the end where that begins */
  async page(view: EventView, from: LogPosition | undefined, size: Required<PageSize>): Promise<ViewRows> {
    const parameters = new Parameters();
    const scanned = await this.scanned(view, from, parameters);
    const { isDescending, key } = directionOf(view);
    const rows = await sql<EventRow & { bytes_so_far: string }>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS}, bytes_so_far FROM (
         SELECT scanned.*, sum(${EVENT_SIZE}) OVER (ORDER BY ${key} ROWS UNBOUNDED PRECEDING) AS bytes_so_far
         FROM (${scanned}) scanned WHERE ${conditions(view, parameters)}
         ORDER BY ${key} LIMIT ${parameters.add(size.events)}) page
       WHERE bytes_so_far - ${EVENT_SIZE} < ${parameters.add(size.bytes)} ORDER BY ${key}`,
      parameters.values,
    );
    const last = rows.at(-1);
    const isFull = rows.length === size.events || Number(last?.bytes_so_far ?? 0) >= size.bytes;
    if (isFull) return { rows, last: toPosition(last!) };
    const end = await this.endOfScan(view, from);
    return { rows, last: end ?? (last && !isDescending ? toPosition(last) : undefined) };
  }

  /** The last event that was read, when there may be more behind it. */
  private async endOfScan(view: EventView, from: LogPosition | undefined): Promise<LogPosition | undefined> {
    const parameters = new Parameters();
    const scanned = await this.scanned(view, from, parameters);
    const [row] = await sql<PositionRow>(
      this.dataSource,
      `SELECT commit_order, position, id FROM (${scanned}) scanned OFFSET ${MAX_EVENTS_SCANNED - 1}`,
      parameters.values,
    );
    return row && toPosition(row);
  }

  /** In SQL: what a page reads at most, in order; by the sequences of a mailbox, or by the order of the log. */
  private async scanned(
    view: EventView,
    from: LogPosition | undefined,
    parameters: Parameters,
  ): Promise<string> {
    const { mailboxId, types } = view;
    const { key, past } = directionOf(view);
    const range = ['commit_order < event_commit_horizon()', ...(await this.bounds(view, parameters))];
    if (from)
      range.push(
        `(commit_order, position) ${past} (${parameters.add(String(from.commitOrder))}, ${parameters.add(String(from.position))})`,
      );
    if (mailboxId !== undefined) {
      const own = `mailbox_id = ${parameters.add(mailboxId)}`;
      const sequence = from?.id === undefined ? undefined : await this.sequence(from.id, mailboxId);
      if (sequence !== undefined) range.push(`sequence ${past} ${parameters.add(sequence)}`);
      return `SELECT * FROM events WHERE ${[own, ...range].join(' AND ')} ORDER BY sequence ${view.order} LIMIT ${MAX_EVENTS_SCANNED}`;
    }
    if (!types?.every((type) => !type.startsWith('message.')))
      return `SELECT * FROM events WHERE ${range.join(' AND ')} ORDER BY ${key} LIMIT ${MAX_EVENTS_SCANNED}`;
    return `SELECT event.* FROM (SELECT DISTINCT unnest(${parameters.add(types)}::text[]) AS type) wanted CROSS JOIN LATERAL (
      SELECT * FROM events WHERE events.type = wanted.type AND type NOT LIKE 'message.%' AND ${range.join(' AND ')}
      ORDER BY ${key} LIMIT ${MAX_EVENTS_SCANNED}) event ORDER BY ${key} LIMIT ${MAX_EVENTS_SCANNED}`;
  }

  /** In SQL: between which orders of the log the events of the time lie. */
  private async bounds({ since, until }: EventView, parameters: Parameters): Promise<string[]> {
    if (since === undefined && until === undefined) return [];
    const [row] = await sql<{ first: string | null; last: string | null }>(
      this.dataSource,
      `SELECT event_order_at($1::timestamptz - ${MAX_DISORDER}) AS first, event_order_at($2::timestamptz + ${MAX_DISORDER}) AS last`,
      [since ?? null, until ?? null],
    );
    return [
      ...(row?.first == null ? [] : [`commit_order >= ${parameters.add(row.first)}`]),
      ...(row?.last == null ? [] : [`commit_order < ${parameters.add(row.last)}`]),
    ];
  }

  private async sequence(id: string, mailboxId: string): Promise<string | undefined> {
    const [row] = await sql<{ sequence: string }>(
      this.dataSource,
      'SELECT sequence FROM events WHERE id = $1 AND mailbox_id = $2',
      [id, mailboxId],
    );
    return row?.sequence;
  }
}

function directionOf({ order }: EventView) {
  const isDescending = order === 'desc';
  return { isDescending, past: isDescending ? '<' : '>', key: `commit_order ${order}, position ${order}` };
}

/** In SQL: what the view leaves out of what was scanned. */
function conditions({ types, since, until }: EventView, parameters: Parameters): string {
  return [
    'true',
    ...(types ? [`type = ANY (${parameters.add(types)})`] : []),
    ...(since === undefined ? [] : [`occurred_at >= ${parameters.add(since)}`]),
    ...(until === undefined ? [] : [`occurred_at < ${parameters.add(until)}`]),
  ].join(' AND ');
}
