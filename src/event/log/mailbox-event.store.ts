import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/prepared';
import { sql } from '../../database/sql';
import type { InboxwireEvent } from '../event.types';
import type { PageSize } from './event-page.store';
import {
  EVENT_COLUMNS,
  EVENT_SIZE,
  PROVENANCE_COLUMNS,
  type ProvenanceRow,
  toEventWithProvenance,
} from './event.row';

export type MailboxEventRow = ProvenanceRow & { bytes_so_far: string };

export interface MailboxPage {
  mailboxId: string;
  /** A `sequence`. */
  after: bigint;
  /** Empty: all. */
  types: string[];
  events: number;
  /** The first event is there however large it is. */
  bytes: number;
}

export interface MailboxEvents {
  events: InboxwireEvent[];
  /** Whether no more of them were there; false when there may be. */
  isAll: boolean;
}

/** In SQL: a page of the events of a mailbox, in order. Every field is an expression. */
export const pageOfMailbox = ({
  mailboxId,
  after,
  types,
  events,
  bytes,
}: Record<keyof MailboxPage, string>) => `
  SELECT ${EVENT_COLUMNS}, ${PROVENANCE_COLUMNS}, bytes_so_far FROM (
    SELECT *, sum(${EVENT_SIZE}) OVER (ORDER BY sequence ROWS UNBOUNDED PRECEDING) AS bytes_so_far
    FROM events
    WHERE mailbox_id = ${mailboxId} AND sequence > ${after} AND (cardinality(${types}) = 0 OR type = ANY (${types}))
    ORDER BY sequence LIMIT ${events}) page
  WHERE bytes_so_far - ${EVENT_SIZE} < ${bytes}
  ORDER BY sequence`;

/** @param size of the page that was asked for */
export function toMailboxEvents(rows: MailboxEventRow[], size: Required<PageSize>): MailboxEvents {
  const isFull = rows.length === size.events || Number(rows.at(-1)?.bytes_so_far ?? 0) >= size.bytes;
  return { events: rows.map(toEventWithProvenance), isAll: !isFull };
}

/** Reads single events, and those of one mailbox. */
@Injectable()
export class MailboxEventStore {
  constructor(private readonly dataSource: DataSource) {}

  async get(id: string): Promise<ProvenanceRow | undefined> {
    const [row] = await sql<ProvenanceRow>(
      this.dataSource,
      `SELECT ${EVENT_COLUMNS}, ${PROVENANCE_COLUMNS} FROM events WHERE id = $1`,
      [id],
    );
    return row;
  }

  page({ mailboxId, after, types, events, bytes }: MailboxPage): Promise<MailboxEventRow[]> {
    return sql<MailboxEventRow>(this.dataSource, PAGE, [mailboxId, after.toString(), types, events, bytes]);
  }

  /** Whether the mailbox has ever had an event, also when none is left. */
  async hasEver(mailboxId: string): Promise<boolean> {
    const rows = await sql(this.dataSource, 'SELECT 1 FROM mailbox_sequences WHERE mailbox_id = $1', [
      mailboxId,
    ]);
    return rows.length > 0;
  }
}

const PAGE = prepared(
  pageOfMailbox({ mailboxId: '$1', after: '$2', types: '$3::text[]', events: '$4', bytes: '$5' }),
);
