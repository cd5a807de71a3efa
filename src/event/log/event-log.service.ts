import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../common/id';
import { Metrics } from '../../observability/metrics';
import { sql, type SqlExecutor } from '../../database/sql';
import type { Appended, EventListener, EventMailbox, EventOrigin, EventType, NewEvent } from '../event.types';
import { chunkBySize } from './chunk-by-size';
import type { LogPosition } from './log-position';
import { trimLog } from './trim-log';
import { wellFormedJson } from '../../common/well-formed-json';

/** The transaction in which the events of one mailbox are appended, together with whatever must stand or fall with them. */
export interface AppendTransaction {
  readonly manager: EntityManager;
  /**
   * Appends the events in their order. A `message.added` of a message that the log has or had one of is left out.
   *
   * @returns how many were appended
   */
  readonly append: (mailbox: EventMailbox, events: NewEvent[]) => Promise<number>;
}

/** Characters of JSON that one statement carries, unless one event alone has more. */
const INSERT_SIZE = 8 * 1024 * 1024;

/** The first key of the advisory locks that keep appends of one mailbox apart; the second is a hash of its id. */
const APPEND_LOCK = 0x1b0e;

/**
 * The append side of the log.
 *
 * The order of the log is (transaction id, position), readable below the oldest running transaction: ids alone would be
 * read past while a smaller one is still uncommitted. For a mailbox's `sequence` to follow that order, its append lock
 * is taken before the transaction writes anything and so before it gets its id: hence appends happen in `transaction` only.
 */
@Injectable()
export class EventLogService {
  private readonly listeners: EventListener[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly metrics: Metrics,
  ) {}

  /** Registers somebody who wants to know of every append. Call before the application has started. */
  listen(listener: EventListener): void {
    this.listeners.push(listener);
  }

  /** Runs the work in one transaction that may append events of this mailbox, one such transaction at a time. */
  async transaction<T>(mailboxId: string, work: (transaction: AppendTransaction) => Promise<T>): Promise<T> {
    const appended: NewEvent[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [APPEND_LOCK, mailboxId]);
      return work({
        manager,
        append: async (mailbox, events) => {
          const fresh = await this.append(manager, mailbox, events);
          appended.push(...fresh);
          return fresh.length;
        },
      });
    });
    if (appended.length > 0) for (const listener of this.listeners) listener.committed();
    this.count(appended);
    return result;
  }

  /**
   * Appends an event that belongs to no mailbox. It has no `sequence` to keep, so any transaction will do. Listeners are
   * not called: whoever appends it sees to those who want it.
   *
   * @returns its id
   */
  async appendWithoutMailbox(on: SqlExecutor, { type, data }: NewEvent): Promise<string> {
    const id = newId('evt');
    await on.query(
      `INSERT INTO events (commit_order, id, type, origin, occurred_at, data, bytes)
       VALUES (event_commit_order(), $1, $2, 'live', clock_timestamp(), $3::text::json, octet_length($3::text))`,
      [id, type, wellFormedJson(data)],
    );
    await on.query('SELECT pg_notify($1, $2)', ['inboxwire_events', '']);
    this.metrics.events.inc({ type, origin: 'live' });
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

  /** Those of the messages that the log has never had a `message.added` of. */
  async withoutAdded(mailboxId: string, messageIds: string[]): Promise<string[]> {
    const known = await addedOf(this.dataSource, mailboxId, messageIds);
    return messageIds.filter((id) => !known.has(id));
  }

  /**
   * Takes the oldest events out of the log, in one short transaction. The log loses a beginning and never gets a hole.
   *
   * @param age milliseconds that an event stays
   * @param limit how many leave at most
   * @param after where the log is known to begin, to save looking at what has left
   * @returns how many have left, and the place of the last of them
   */
  async trim(age: number, limit: number, after: LogPosition): Promise<{ count: number; last: LogPosition }> {
    return this.dataSource.transaction(async (manager) => {
      const { left, last } = await trimLog(manager, age, limit, after);
      if (left.length > 0) for (const listener of this.listeners) await listener.left?.(manager, left);
      return { count: left.length, last };
    });
  }

  private count(appended: NewEvent[]): void {
    const now = performance.now();
    for (const { type, origin = 'live', notification } of appended) {
      this.metrics.events.inc({ type, origin });
      if (notification) this.metrics.pushToEvent.observe((now - notification.receivedAt) / 1_000);
    }
  }

  /** @returns those that were new */
  private async append(on: SqlExecutor, mailbox: EventMailbox, events: NewEvent[]): Promise<NewEvent[]> {
    const fresh = await withoutKnownMessages(on, mailbox.id, events);
    if (fresh.length === 0) return [];
    const lastSequence = await advanceSequence(on, mailbox.id, fresh.length);
    const firstSequence = lastSequence - BigInt(fresh.length) + 1n;
    for (const slice of chunkBySize(fresh.map(toRow), ({ data }) => data.length, INSERT_SIZE))
      await insert(on, mailbox, slice.items, firstSequence + BigInt(slice.start));
    const types = new Set(fresh.map(({ type }) => type));
    const appended: Appended = { mailboxId: mailbox.id, firstSequence, lastSequence, types };
    for (const listener of this.listeners) await listener.appended(on, appended);
    await on.query('SELECT pg_notify($1, $2)', ['inboxwire_events', '']);
    return fresh;
  }
}

/** A message is added once, whatever backfills and reconnections bring up again; also within one batch. */
async function withoutKnownMessages(
  on: SqlExecutor,
  mailboxId: string,
  events: NewEvent[],
): Promise<NewEvent[]> {
  const ids = events.flatMap((event) => (event.type === 'message.added' ? [event.messageId!] : []));
  if (ids.length === 0) return events;
  const known = await addedOf(on, mailboxId, ids);
  return events.filter((event) => {
    if (event.type !== 'message.added') return true;
    if (known.has(event.messageId!)) return false;
    known.add(event.messageId!);
    return true;
  });
}

async function addedOf(on: SqlExecutor, mailboxId: string, messageIds: string[]): Promise<Set<string>> {
  const rows = await sql<{ message_id: string }>(
    on,
    `SELECT message_id FROM events WHERE mailbox_id = $1 AND type = 'message.added' AND message_id = ANY ($2)
     UNION ALL SELECT message_id FROM seen_messages WHERE mailbox_id = $1 AND message_id = ANY ($2)`,
    [mailboxId, messageIds],
  );
  return new Set(rows.map((row) => row.message_id));
}

async function advanceSequence(on: SqlExecutor, mailboxId: string, by: number): Promise<bigint> {
  const [row] = await sql<{ last_sequence: string }>(
    on,
    `INSERT INTO mailbox_sequences (mailbox_id, last_sequence) VALUES ($1, $2)
     ON CONFLICT (mailbox_id) DO UPDATE SET last_sequence = mailbox_sequences.last_sequence + excluded.last_sequence
     RETURNING last_sequence`,
    [mailboxId, by],
  );
  return BigInt(row!.last_sequence);
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

async function insert(on: SqlExecutor, mailbox: EventMailbox, rows: NewRow[], first: bigint): Promise<void> {
  await on.query(
    `INSERT INTO events (commit_order, id, mailbox_id, sequence, type, origin, occurred_at, email_address, external_id,
                         message_id, data, bytes, notification)
     SELECT event_commit_order(), id, $1, $2::bigint + row - 1, type, origin, clock_timestamp(), $3, $4, message_id, data::json,
       octet_length(data), notification
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
       WITH ORDINALITY AS new (id, type, origin, message_id, data, notification, row)
     ORDER BY row`,
    [
      mailbox.id,
      first.toString(),
      mailbox.emailAddress,
      mailbox.externalId,
      rows.map(() => newId('evt')),
      rows.map(({ type }) => type),
      rows.map(({ origin }) => origin),
      rows.map(({ messageId }) => messageId),
      rows.map(({ data }) => data),
      rows.map(({ notification }) => notification),
    ],
  );
}
