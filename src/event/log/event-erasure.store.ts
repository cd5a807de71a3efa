import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import { inBatches } from '../../erasure/in-batches';
import { KeptData } from '../../erasure/kept-data';

/** Few, since what others append meanwhile is hidden until the transaction ends. */
const BATCH = 1_000;

/** What is left of the data of an event. */
const ERASED_DATA = JSON.stringify({ erased: true });

/** By what is short: to compare `data` would be to read all of it. */
const IS_ERASED = `(email_address IS NULL AND external_id IS NULL AND message_id IS NULL AND notification IS NULL
  AND bytes IS NOT DISTINCT FROM ${ERASED_DATA.length})`;

/** Erases what the log says of a mailbox: that something happened, what kind it was, and when, is left. */
@Injectable()
export class EventErasureStore {
  constructor(
    private readonly dataSource: DataSource,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'seen_messages', where: 'mailbox_id = $1' });
    kept.addStep('events', ({ id }, signal) => this.erase(id, signal));
  }

  /** All that the events of a mailbox call it: its address and external id may have been others before. */
  async names(mailboxId: string): Promise<{ emailAddresses: string[]; externalIds: string[] }> {
    const [row] = await sql<{ emailAddresses: string[] | null; externalIds: string[] | null }>(
      this.dataSource,
      `SELECT array_agg(DISTINCT email_address) FILTER (WHERE email_address IS NOT NULL) AS "emailAddresses",
         array_agg(DISTINCT external_id) FILTER (WHERE external_id IS NOT NULL) AS "externalIds"
       FROM events WHERE mailbox_id = $1`,
      [mailboxId],
    );
    return { emailAddresses: row?.emailAddresses ?? [], externalIds: row?.externalIds ?? [] };
  }

  /** Whether nothing is left to erase of the events of a mailbox. */
  async isErased(on: SqlExecutor, mailboxId: string): Promise<boolean> {
    const rows = await sql(on, `SELECT 1 FROM events WHERE mailbox_id = $1 AND NOT ${IS_ERASED} LIMIT 1`, [
      mailboxId,
    ]);
    return rows.length === 0;
  }

  private async erase(mailboxId: string, signal: AbortSignal): Promise<void> {
    let after = '0';
    await inBatches(signal, async () => {
      const rows = await sql<{ sequence: string }>(this.dataSource, ERASE, [mailboxId, after, ERASED_DATA]);
      after = rows.reduce((last, { sequence }) => (BigInt(sequence) > BigInt(last) ? sequence : last), after);
      return rows.length;
    });
  }
}

const ERASE = `
  WITH batch AS (
    SELECT commit_order, position FROM events WHERE mailbox_id = $1 AND sequence > $2 AND NOT ${IS_ERASED}
    ORDER BY sequence LIMIT ${BATCH} FOR UPDATE)
  UPDATE events SET origin = 'live', email_address = NULL, external_id = NULL, message_id = NULL, notification = NULL,
    data = $3::text::json, bytes = octet_length($3::text)
  FROM batch WHERE (events.commit_order, events.position) = (batch.commit_order, batch.position)
  RETURNING sequence`;
