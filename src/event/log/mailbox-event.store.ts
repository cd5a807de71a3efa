import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/prepared';
import { sql } from '../../database/sql';
import { EVENT_COLUMNS, EVENT_SIZE, PROVENANCE_COLUMNS, type ProvenanceRow } from './event.row';

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
    return sql<MailboxEventRow>(
      this.dataSource,
      prepared(`SELECT ${EVENT_COLUMNS}, ${PROVENANCE_COLUMNS}, bytes_so_far FROM (
         SELECT *, sum(${EVENT_SIZE}) OVER (ORDER BY sequence ROWS UNBOUNDED PRECEDING) AS bytes_so_far
         FROM events
         WHERE mailbox_id = $1 AND sequence > $2 AND (cardinality($3::text[]) = 0 OR type = ANY ($3))
         ORDER BY sequence LIMIT $4) page
       WHERE bytes_so_far - ${EVENT_SIZE} < $5
       ORDER BY sequence`),
      [mailboxId, after.toString(), types, events, bytes],
    );
  }

  /** Whether the mailbox has ever had an event, also when none is left. */
  async hasEver(mailboxId: string): Promise<boolean> {
    const rows = await sql(this.dataSource, 'SELECT 1 FROM mailbox_sequences WHERE mailbox_id = $1', [
      mailboxId,
    ]);
    return rows.length > 0;
  }
}
