import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import type { EventFilter } from '../event.types';
import { EVENT_COLUMNS, type EventRow } from './event.row';
import type { LogPosition } from './log-position';

/** How many events a filtered page looks through at most, where no index finds what the filter is for. */
export const MAX_LOOKED_THROUGH = 5_000;

const SHOWN =
  'commit_order < event_commit_horizon() AND ($1::bigint IS NULL OR (commit_order, position) < ($1, $2))';
const NEWEST_FIRST = 'ORDER BY commit_order DESC, position DESC';

/** Pages of the log, the newest events first: for people, who begin with what has just happened. */
@Injectable()
export class NewestEventStore {
  constructor(private readonly dataSource: DataSource) {}

  /** @param before the events before this position; undefined: the newest of all */
  page(before: LogPosition | undefined, filter: EventFilter, limit: number): Promise<EventRow[]> {
    const { mailboxId, types } = filter;
    return sql<EventRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS} FROM (${sourceOf(filter, '$5')}) events
       WHERE ($4::text[] IS NULL OR type = ANY ($4)) ${NEWEST_FIRST} LIMIT $5`,
      [...positionOf(before), mailboxId ?? null, types ?? null, limit],
    );
  }

  /** Where a page ended that has looked through as many events as it may. Undefined: there are no more. */
  async endOfLook(before: LogPosition | undefined, filter: EventFilter): Promise<string | undefined> {
    const [row] = await sql<{ id: string }>(
      this.dataSource,
      `SELECT id FROM (${sourceOf(filter, '$5')}) events
       WHERE $4::text[] IS NOT NULL AND $5::int IS NOT NULL ${NEWEST_FIRST} OFFSET ${MAX_LOOKED_THROUGH - 1} LIMIT 1`,
      [...positionOf(before), filter.mailboxId ?? null, filter.types ?? null, MAX_LOOKED_THROUGH],
    );
    return row?.id;
  }
}

function positionOf(before: LogPosition | undefined): [string | null, string | null] {
  return before ? [String(before.commitOrder), String(before.position)] : [null, null];
}

/** The events to look through. Within a mailbox the sequences are in the order of the log. */
function sourceOf({ mailboxId, types }: EventFilter, limit: string): string {
  const looked = types ? MAX_LOOKED_THROUGH : limit;
  if (mailboxId !== undefined)
    return `SELECT * FROM events WHERE mailbox_id = $3 AND ${SHOWN} ORDER BY sequence DESC LIMIT ${looked}`;
  if (types?.every((type) => !type.startsWith('message.')))
    return `SELECT found.* FROM unnest($4::text[]) wanted (type) CROSS JOIN LATERAL (
      SELECT * FROM events WHERE events.type = wanted.type AND type NOT LIKE 'message.%' AND $3::text IS NULL AND ${SHOWN}
      ${NEWEST_FIRST} LIMIT ${limit}) found`;
  return `SELECT * FROM events WHERE $3::text IS NULL AND ${SHOWN} ${NEWEST_FIRST} LIMIT ${looked}`;
}
