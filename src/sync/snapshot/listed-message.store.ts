import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { SupersededError } from '../cursor/sync.errors';
import type { MessageState, MessageStates } from '../history/history-states';
import { messageIdOf } from './message-number';
import { SnapshotLifecycleStore } from './snapshot-lifecycle.store';
import { encodeRows, type SnapshotRow } from './snapshot-rows.store';
import type { Snapshot } from './snapshot.types';

/** Where the ids of messages begin, as PostgreSQL's bigint. */
const FIRST_MESSAGE = -(2n ** 63n);

/** Messages in a range of ids that are listed otherwise than the snapshot has them. */
export interface ListedRange {
  before: Map<string, MessageState>;
  /** Null: it did not exist. */
  listed: Map<string, MessageState | null>;
  /** Those that changed while the lists were being read; `listed` says how they were before. */
  touched: Set<string>;
  /** Where the next range begins; undefined: this was the last one. */
  next: bigint | undefined;
}

interface DifferenceRow {
  message_id: string;
  known_thread: string | null;
  known: number[] | null;
  thread: string | null;
  labels: number[] | null;
  touched: boolean | null;
}

/**
 * What Gmail's lists show, in SQL: a mailbox may have more messages than fit into memory. Each listing of a snapshot takes
 * the place of the one before, whose run has nothing to write to from then on.
 */
@Injectable()
export class ListedMessageStore {
  /** How many messages are compared, or go into a snapshot, at once. */
  rangeSize = 5_000;

  constructor(
    private readonly dataSource: DataSource,
    private readonly lifecycle: SnapshotLifecycleStore,
  ) {}

  /** Begins a listing: what an earlier one has left is dropped. Its number is kept with the snapshot. */
  async begin(snapshot: Snapshot): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [row] = await sql<{ listing: number }>(
        manager,
        'UPDATE mailbox_snapshots SET listing = listing + 1 WHERE id = $1 RETURNING listing',
        [snapshot.id],
      );
      if (!row) throw new SupersededError();
      snapshot.listing = row.listing;
      await sql(manager, 'DELETE FROM listed_messages WHERE snapshot_id = $1', [snapshot.id]);
    });
  }

  async end({ id, listing }: Snapshot): Promise<void> {
    const text = 'DELETE FROM listed_messages WHERE snapshot_id = $1 AND listing = $2';
    await sql(this.dataSource, text, [id, listing]);
  }

  /** Adds messages that a list of these labels shows, or the labels to those that are there. */
  add(snapshot: Snapshot, messages: { id: string; threadId?: string }[], labelIds: string[]): Promise<void> {
    const states: MessageStates = new Map(
      messages.map(({ id, threadId = null }) => [id, { threadId, labelIds }]),
    );
    return this.insert(snapshot, states, false, ADD_LABELS);
  }

  /** Adds a label to those of the messages that are there. */
  async addLabel(snapshot: Snapshot, ids: string[], labelId: string): Promise<void> {
    const states: MessageStates = new Map(ids.map((id) => [id, { threadId: null, labelIds: [labelId] }]));
    const rows = await this.encode(snapshot, states);
    if (rows.length === 0) return;
    await sql(
      this.dataSource,
      `UPDATE listed_messages l SET labels = l.labels || $3::smallint[]
       WHERE snapshot_id = $1 AND listing = $2 AND message_id = ANY ($4::bigint[]) AND NOT l.labels @> $3`,
      [snapshot.id, snapshot.listing, rows[0]!.labels, rows.map(({ message }) => message)],
    );
  }

  /** How messages were that have changed since the lists were begun: the first change of each counts. */
  touch(snapshot: Snapshot, states: MessageStates): Promise<void> {
    return this.insert(snapshot, states, true, TAKE_STATE);
  }

  /**
   * Adds a range of what the lists show to a snapshot that is being built; what a sync has written meanwhile is newer and
   * stays.
   *
   * @returns where the next range begins; undefined: this was the last one
   */
  async fill(snapshot: Snapshot, from = FIRST_MESSAGE): Promise<bigint | undefined> {
    const { filter, labels } = snapshot;
    const [row] = await sql<{ last: string | null }>(this.dataSource, FILL, [
      snapshot.id,
      snapshot.listing,
      from.toString(),
      this.rangeSize,
      // A label without a number is carried by nothing.
      filter.labelIds.map((label) => labels.indexOf(label)),
      filter.labelFilterBehavior === 'include',
    ]);
    return row?.last == null ? undefined : after(row.last);
  }

  /** Compares a range of what the lists show with the snapshot, in the order of their ids. */
  async compare(snapshot: Snapshot, from = FIRST_MESSAGE): Promise<ListedRange> {
    const range = [snapshot.id, snapshot.listing, from.toString()];
    const [end] = await sql<{ last: string | null }>(this.dataSource, RANGE_END, [...range, this.rangeSize]);
    const found: ListedRange = { before: new Map(), listed: new Map(), touched: new Set(), next: undefined };
    if (end?.last == null) return found;
    const rows = await sql<DifferenceRow>(this.dataSource, DIFFERENCE, [...range, end.last]);
    const state = (thread: string | null, numbers: number[]): MessageState => ({
      threadId: thread === null ? null : messageIdOf(thread),
      labelIds: numbers.map((number) => snapshot.labels[number]!),
    });
    for (const row of rows) {
      const id = messageIdOf(row.message_id);
      if (row.known) found.before.set(id, state(row.known_thread, row.known));
      if (row.touched !== null) found.listed.set(id, row.labels && state(row.thread, row.labels));
      if (row.touched) found.touched.add(id);
    }
    return { ...found, next: after(end.last) };
  }

  private async insert(
    snapshot: Snapshot,
    states: MessageStates,
    touched: boolean,
    onConflict: string,
  ): Promise<void> {
    const rows = await this.encode(snapshot, states);
    if (rows.length === 0) return;
    await sql(this.dataSource, `${INSERT} ${onConflict}`, [
      snapshot.id,
      snapshot.listing,
      rows.map(({ message }) => message),
      rows.map(({ thread }) => thread),
      rows.map(({ labels }) => labels),
      touched,
    ]);
  }

  /** @throws SupersededError when the mailbox cannot have a snapshot */
  private async encode(snapshot: Snapshot, states: MessageStates): Promise<SnapshotRow[]> {
    const rows = await encodeRows(this.dataSource, snapshot, [...states]);
    if (rows) return rows;
    await this.dataSource.transaction((manager) => this.lifecycle.giveUp(manager, snapshot.id));
    throw new SupersededError();
  }
}

/** @returns undefined behind the last id that there can be */
function after(last: string): bigint | undefined {
  const next = BigInt(last) + 1n;
  return next < -FIRST_MESSAGE ? next : undefined;
}

const INSERT = `
  INSERT INTO listed_messages AS l (message_id, thread_id, snapshot_id, listing, labels, touched)
  SELECT message_id, thread_id, s.id, s.listing, labels::smallint[], $6
  FROM (SELECT id, listing FROM mailbox_snapshots WHERE id = $1 AND listing = $2 FOR KEY SHARE) s,
       unnest($3::bigint[], $4::bigint[], $5::text[]) AS new (message_id, thread_id, labels)
  ON CONFLICT (snapshot_id, listing, message_id)`;

const ADD_LABELS = 'DO UPDATE SET labels = l.labels || excluded.labels WHERE NOT l.labels @> excluded.labels';

const TAKE_STATE = `DO UPDATE SET thread_id = excluded.thread_id, labels = excluded.labels, touched = true
  WHERE NOT l.touched`;

const FILL = `
  WITH next AS (
    SELECT message_id, thread_id, labels FROM listed_messages
    WHERE snapshot_id = $1 AND listing = $2 AND message_id >= $3 ORDER BY message_id LIMIT $4
  ), added AS (
    INSERT INTO snapshot_messages (message_id, thread_id, snapshot_id, labels)
    SELECT message_id, thread_id, s.id, ARRAY(SELECT label FROM unnest(labels) AS label ORDER BY label)
    FROM (SELECT id FROM mailbox_snapshots WHERE id = $1 AND listing = $2 FOR KEY SHARE) s, next
    WHERE labels IS NOT NULL AND (cardinality($5::smallint[]) = 0 OR (labels && $5) = $6)
    ORDER BY message_id ON CONFLICT (snapshot_id, message_id) DO NOTHING
  ) SELECT max(message_id)::text AS last FROM next`;

/** The last id of the range that begins with $3 and has $4 messages, known and listed ones counted apart. */
const RANGE_END = `
  SELECT max(message_id)::text AS last FROM (
    SELECT message_id FROM (
      (SELECT message_id FROM snapshot_messages WHERE snapshot_id = $1 AND message_id >= $3
       ORDER BY message_id LIMIT $4)
      UNION ALL
      (SELECT message_id FROM listed_messages WHERE snapshot_id = $1 AND listing = $2 AND message_id >= $3
       ORDER BY message_id LIMIT $4)
    ) either ORDER BY message_id LIMIT $4
  ) range`;

const DIFFERENCE = `
  SELECT message_id, known.thread_id AS known_thread, known.labels AS known, l.thread_id AS thread, l.labels, l.touched
  FROM (SELECT message_id, thread_id, labels FROM snapshot_messages
        WHERE snapshot_id = $1 AND labels IS NOT NULL AND message_id BETWEEN $3 AND $4) known
  FULL JOIN (SELECT message_id, thread_id, labels, touched FROM listed_messages
             WHERE snapshot_id = $1 AND listing = $2 AND message_id BETWEEN $3 AND $4) l USING (message_id)
  WHERE (known.labels @> l.labels AND known.labels <@ l.labels) IS NOT TRUE
  ORDER BY message_id`;
