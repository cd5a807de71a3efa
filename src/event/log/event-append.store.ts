import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../common/id';
import { wellFormedJson } from '../../common/well-formed-json';
import { prepared } from '../../database/prepared';
import { sql, type SqlExecutor } from '../../database/sql';
import type { EventOrigin, EventType, NewEvent } from '../event.types';
import { chunkBySize } from './chunk-by-size';

/** Characters of JSON that one statement carries, unless one event alone has more. */
const MAX_INSERT_SIZE = 8 * 1024 * 1024;

/** The first key of the advisory locks that keep appends of one mailbox apart; the second is a hash of its id. */
const APPEND_LOCK = 0x1b0e;

/** Writes events, and knows which messages the log has or had. */
@Injectable()
export class EventAppendStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs the work in a transaction that holds the append lock of the mailbox, taken before anything is written. */
  locked<T>(mailboxId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await sql(manager, prepared('SELECT pg_advisory_xact_lock($1, hashtext($2))'), [
        APPEND_LOCK,
        mailboxId,
      ]);
      return work(manager);
    });
  }

  /** @returns the last `sequence` of the mailbox, once it has been moved on */
  async advanceSequence(on: SqlExecutor, mailboxId: string, by: number): Promise<bigint> {
    const [row] = await sql<{ last_sequence: string }>(
      on,
      prepared(`INSERT INTO mailbox_sequences (mailbox_id, last_sequence) VALUES ($1, $2)
       ON CONFLICT (mailbox_id) DO UPDATE SET last_sequence = mailbox_sequences.last_sequence + excluded.last_sequence
       RETURNING last_sequence`),
      [mailboxId, by],
    );
    return BigInt(row!.last_sequence);
  }

  /** @param first the `sequence` of the first one */
  async insert(on: SqlExecutor, mailboxId: string, events: NewEvent[], first: bigint): Promise<void> {
    for (const { start, items } of chunkBySize(events.map(toRow), ({ data }) => data.length, MAX_INSERT_SIZE))
      await insertRows(on, mailboxId, items, first + BigInt(start));
  }

  /** @returns its id */
  async insertWithoutMailbox(on: SqlExecutor, { type, data }: NewEvent): Promise<string> {
    const id = newId('evt');
    await sql(
      on,
      `INSERT INTO events (commit_order, id, type, origin, occurred_at, data, bytes)
       VALUES (event_commit_order(), $1, $2, 'live', clock_timestamp(), $3::text::json, octet_length($3::text))`,
      [id, type, wellFormedJson(data)],
    );
    return id;
  }

  /** How many of the messages were added by a repair since that time. */
  async countBackfilled(
    on: SqlExecutor,
    mailboxId: string,
    messageIds: string[],
    since: Date,
  ): Promise<number> {
    const [row] = await sql<{ count: number }>(
      on,
      `SELECT count(*)::int AS count FROM events WHERE mailbox_id = $1 AND type = 'message.added'
         AND message_id = ANY ($2) AND origin = 'backfill' AND occurred_at > $3`,
      [mailboxId, messageIds, since],
    );
    return row!.count;
  }

  /** Those of the messages that the log has, or has had, a `message.added` of. */
  async added(
    mailboxId: string,
    messageIds: string[],
    on: SqlExecutor = this.dataSource,
  ): Promise<Set<string>> {
    const rows = await sql<{ message_id: string }>(
      on,
      prepared(`SELECT message_id FROM events WHERE mailbox_id = $1 AND type = 'message.added' AND message_id = ANY ($2)
       UNION ALL SELECT message_id FROM seen_messages WHERE mailbox_id = $1 AND message_id = ANY ($2)`),
      [mailboxId, messageIds],
    );
    return new Set(rows.map((row) => row.message_id));
  }
}

/** An event as it is written, with its data as JSON. */
interface NewRow {
  type: EventType;
  origin: EventOrigin;
  messageId: string | null;
  data: string;
  notification: string | null;
}

function toRow({ type, origin = 'live', messageId, data, notification }: NewEvent): NewRow {
  return {
    ...{ type, origin, messageId: messageId ?? null, data: wellFormedJson(data) },
    notification: notification?.text ?? null,
  };
}

async function insertRows(on: SqlExecutor, mailboxId: string, rows: NewRow[], first: bigint): Promise<void> {
  await sql(
    on,
    prepared(`INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, external_id,
                         message_id, data, bytes, notification)
     SELECT event_commit_order(), new.id, $1, $2::bigint + row - 1, type, origin, clock_timestamp(), m.email_address,
       m.external_id, message_id, data::json, octet_length(data), notification
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       WITH ORDINALITY AS new (id, type, origin, message_id, data, notification, row)
     JOIN mailboxes m ON m.id = $1
     ORDER BY row`),
    [
      mailboxId,
      first.toString(),
      rows.map(() => newId('evt')),
      rows.map(({ type }) => type),
      rows.map(({ origin }) => origin),
      rows.map(({ messageId }) => messageId),
      rows.map(({ data }) => data),
      rows.map(({ notification }) => notification),
    ],
  );
}
