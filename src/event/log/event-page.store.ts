import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import type { EventFilter } from '../event.types';
import { EVENT_COLUMNS, EVENT_SIZE, type EventRow } from './event.row';
import type { LogPosition } from './log-position';
import { LogPositionStore } from './log-position.store';

/** How much a page holds at most; the first event is there however large it is. */
export interface PageSize {
  events: number;
  /** Of the events' `data`. */
  bytes?: number;
}

export interface EventRows {
  rows: EventRow[];
  /** Without rows: the last event that was read and left out by the filter; undefined when nothing follows yet. */
  passed: LogPosition | undefined;
}

/**
 * How many events a filtered page reads at most, whether it finds any or not, where no index finds them: who filters for what
 * is rare must not read the whole log at once.
 */
export const MAX_EVENTS_SCANNED = 10_000;

/** Pages of the log in its order, of what no running transaction can still precede. */
@Injectable()
export class EventPageStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly positions: LogPositionStore,
  ) {}

  /**
   * The events after a position. Retention takes events from the beginning, so as long as the event at the position is there
   * none is missing after it: one statement sees both or neither.
   *
   * @throws CursorExpiredError when the event at the position is no longer there
   */
  async after(position: LogPosition, filter: EventFilter, size: PageSize): Promise<EventRows> {
    const isFiltered = filter.mailboxId !== undefined || filter.types !== undefined;
    const way = await this.wayThrough(position, filter);
    const end = isFiltered ? await this.endOfPage(position, way) : undefined;
    const isAtEnd = isFiltered && end === undefined;
    const rows = isAtEnd
      ? []
      : await this.page({ after: position, end, filter, size, provided: position.id, way });
    if (rows.length === 0 && position.id !== undefined) await this.positions.of(position.id);
    return { rows, passed: rows.length === 0 ? end : undefined };
  }

  /** The same for one who has read everything before the position, so that it does not matter what has left. */
  next(position: LogPosition, size: PageSize): Promise<EventRow[]> {
    return this.page({
      after: position,
      end: undefined,
      filter: {},
      size,
      provided: undefined,
      way: WHOLE_LOG,
    });
  }

  /** By an index of what the filter is for, where there is one. */
  private async wayThrough(position: LogPosition, { mailboxId, types }: EventFilter): Promise<Way> {
    if (mailboxId === undefined) return types?.every(isRare) ? RARE_TYPES : WHOLE_LOG;
    const sequence = types ? undefined : await this.positions.sequence(position, mailboxId);
    return sequence === undefined ? WHOLE_LOG : ofMailboxAfter(sequence);
  }

  /** Up to where a filtered page reads; undefined when nothing follows the position. */
  private endOfPage(position: LogPosition, { isWhole }: Way): Promise<LogPosition | undefined> {
    return isWhole ? this.positions.ahead(position, MAX_EVENTS_SCANNED) : this.positions.endAfter(position);
  }

  private page({ after, end, filter, size, provided, way }: PageRequest): Promise<EventRow[]> {
    const range = `(commit_order, position) > ($1, $2) AND commit_order < event_commit_horizon()
      ${end ? 'AND (commit_order, position) <= ($8, $9)' : ''}`;
    return sql<EventRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS} FROM (
         SELECT events.*, sum(${EVENT_SIZE}) OVER (ORDER BY commit_order, position ROWS UNBOUNDED PRECEDING)
           - ${EVENT_SIZE} AS bytes_before
         FROM ${way.source(range)}
         WHERE ($3::text IS NULL OR mailbox_id = $3) AND ($4::text[] IS NULL OR events.type = ANY ($4))
           AND ($7::text IS NULL OR EXISTS (SELECT 1 FROM events WHERE id = $7))
           ${way.isWhole ? `AND ${range}` : ''}
         ORDER BY commit_order, position LIMIT $5) page
       WHERE $6::bigint IS NULL OR bytes_before < $6
       ORDER BY commit_order, position`,
      [
        String(after.commitOrder),
        String(after.position),
        filter.mailboxId ?? null,
        filter.types ?? null,
        size.events,
        size.bytes ?? null,
        provided ?? null,
        ...(end ? [String(end.commitOrder), String(end.position)] : []),
        ...way.parameters,
      ],
    );
  }
}

/** What a page is read from. */
interface Way {
  /** It reads past what the filter leaves out. */
  isWhole: boolean;
  /** In SQL: the relation `events`. @param range a condition: the position and the end of the page */
  source: (range: string) => string;
  /** From $10 on. */
  parameters: unknown[];
}

const WHOLE_LOG: Way = { isWhole: true, source: () => 'events', parameters: [] };

/** Types that have an index of their own: all but those that are nearly the whole log. */
function isRare(type: string): boolean {
  return !type.startsWith('message.');
}

/** The first of each of the types. */
const RARE_TYPES: Way = {
  isWhole: false,
  source: (range) => `(SELECT DISTINCT unnest($4::text[]) AS type) wanted CROSS JOIN LATERAL (
    SELECT * FROM events WHERE events.type = wanted.type AND type NOT LIKE 'message.%' AND ${range}
    ORDER BY commit_order, position LIMIT $5) events`,
  parameters: [],
};

/** Within a mailbox the sequences are in the order of the log. */
const ofMailboxAfter = (sequence: string): Way => ({
  isWhole: false,
  source: (range) => `(SELECT * FROM events WHERE mailbox_id = $3 AND sequence > $10 AND ${range}
    ORDER BY sequence LIMIT $5) events`,
  parameters: [sequence],
});

interface PageRequest {
  after: LogPosition;
  /** The last position that counts; undefined: the end of what is shown. */
  end: LogPosition | undefined;
  filter: EventFilter;
  size: PageSize;
  /** The event without which the page is empty. */
  provided: string | undefined;
  way: Way;
}
