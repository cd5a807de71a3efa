import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../common/id';
import { wellFormedJson } from '../../common/well-formed-json';
import { prepared } from '../../database/prepared';
import { sql, type SqlExecutor } from '../../database/sql';
import type { NewEvent } from '../event.types';
import { chunkBySize } from './chunk-by-size';
import { MAX_INSERT_SIZE, NEW_EVENT_ROWS, toNewEventRow } from './new-event-rows';

/** Writes events, and knows which messages the log has or had. */
@Injectable()
export class EventAppendStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs the work in a transaction that holds the append lock of the mailbox, taken before anything is written. */
  locked<T>(mailboxId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await sql(manager, prepared('SELECT append_lock($1)'), [mailboxId]);
      return work(manager);
    });
  }

  /**
   * Appends events in their order; a `message.added` of a message that the log has or had one of is left out.
   *
   * @returns those that were new
   */
  async append(on: SqlExecutor, mailboxId: string, events: NewEvent[]): Promise<NewEvent[]> {
    const fresh: NewEvent[] = [];
    for (const { start, items } of chunkBySize(
      events.map(toNewEventRow),
      ({ data }) => data.length,
      MAX_INSERT_SIZE,
    )) {
      const [row] = await sql<{ fresh: number[] }>(on, APPEND, [
        mailboxId,
        ...NEW_EVENT_ROWS.parameters(items),
      ]);
      fresh.push(...row!.fresh.map((place) => events[start + place - 1]!));
    }
    return fresh;
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

  /** The last `sequence` of the mailbox; 0 when it has none. */
  async lastSequence(mailboxId: string): Promise<bigint> {
    const [row] = await sql<{ last_sequence: string }>(
      this.dataSource,
      'SELECT last_sequence FROM mailbox_sequences WHERE mailbox_id = $1',
      [mailboxId],
    );
    return BigInt(row?.last_sequence ?? 0);
  }

  /** Those of the messages that have an event behind this `sequence` which reports a change. */
  async changedAfter(
    on: SqlExecutor,
    mailboxId: string,
    sequence: bigint,
    messageIds: string[],
  ): Promise<Set<string>> {
    const rows = await sql<{ message_id: string }>(
      on,
      `SELECT DISTINCT message_id FROM events WHERE mailbox_id = $1 AND sequence > $2 AND type <> 'message.added'
         AND message_id = ANY ($3)`,
      [mailboxId, sequence.toString(), messageIds],
    );
    return new Set(rows.map((row) => row.message_id));
  }

  /** Those of the messages that the log has, or has had, a `message.added` of. */
  async added(mailboxId: string, messageIds: string[]): Promise<Set<string>> {
    const rows = await sql<{ message_id: string }>(
      this.dataSource,
      prepared(`SELECT message_id FROM events WHERE mailbox_id = $1 AND type = 'message.added' AND message_id = ANY ($2)
       UNION ALL SELECT message_id FROM seen_messages WHERE mailbox_id = $1 AND message_id = ANY ($2)`),
      [mailboxId, messageIds],
    );
    return new Set(rows.map((row) => row.message_id));
  }
}

const APPEND = prepared(
  `SELECT fresh FROM append_events($1, ${NEW_EVENT_ROWS.arrays(2).join(', ')}, NULL, NULL, NULL, NULL)`,
);
