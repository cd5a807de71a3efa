import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sql, type SqlExecutor } from '../../database/sql';
import type { HistoryRecord } from '../../gmail/gmail.types';
import { type MessageState, type MessageStates, statesAfter } from '../history/history-states';
import { type LabelFilter, labelsCount } from '../../gmail/label-filter';
import { messageIdOf, messageNumber } from './message-number';
import type { Snapshot, SnapshotState } from './snapshot.types';

/**
 * The snapshots in SQL. Everything that must not be lost is written in the transaction that moves the cursor: a snapshot
 * is what the log has told, no more and no less.
 */
@Injectable()
export class SnapshotStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Sees to a snapshot for this filter: one that was made for another is dropped and built anew. */
  async expect(manager: EntityManager, mailboxId: string, filter: LabelFilter): Promise<void> {
    const values = [mailboxId, filter.labelIds, filter.labelFilterBehavior];
    await sql(
      manager,
      'DELETE FROM mailbox_snapshots WHERE mailbox_id = $1 AND (label_ids <> $2 OR label_filter_behavior <> $3)',
      values,
    );
    await sql(
      manager,
      `WITH made AS (
         INSERT INTO mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior) VALUES ($1, $2, $3)
         ON CONFLICT (mailbox_id) DO NOTHING RETURNING id
       ) SELECT pg_notify('inboxwire_snapshots', '') FROM made`,
      values,
    );
  }

  async forget(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(manager, 'DELETE FROM mailbox_snapshots WHERE mailbox_id = $1', [mailboxId]);
  }

  /** Changes happened that nobody will tell of: what is known is dropped and built anew. */
  async restart(manager: EntityManager, mailboxId: string): Promise<void> {
    const [row] = await sql<{ label_ids: string[]; label_filter_behavior: string }>(
      manager,
      `DELETE FROM mailbox_snapshots WHERE mailbox_id = $1 AND state <> 'unsupported'
       RETURNING label_ids, label_filter_behavior`,
      [mailboxId],
    );
    if (!row) return;
    await sql(
      manager,
      'INSERT INTO mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior) VALUES ($1, $2, $3)',
      [mailboxId, row.label_ids, row.label_filter_behavior],
    );
  }

  async find(mailboxId: string, on: SqlExecutor = this.dataSource): Promise<Snapshot | undefined> {
    const [row] = await sql<{
      id: number;
      state: SnapshotState;
      label_ids: string[];
      label_filter_behavior: LabelFilter['labelFilterBehavior'];
      labels: string[];
    }>(
      on,
      `SELECT id, state, label_ids, label_filter_behavior, labels FROM mailbox_snapshots WHERE mailbox_id = $1`,
      [mailboxId],
    );
    if (!row) return undefined;
    const filter = { labelIds: row.label_ids, labelFilterBehavior: row.label_filter_behavior };
    return { id: row.id, state: row.state, filter, labels: row.labels };
  }

  /** Keeps the snapshot in step with records that are committed. Within the transaction that moves the cursor past them. */
  async apply(manager: EntityManager, mailboxId: string, records: HistoryRecord[]): Promise<void> {
    const states = statesAfter(records);
    if (states.size === 0) return;
    const snapshot = await this.find(mailboxId, manager);
    if (snapshot) await this.write(manager, snapshot, states);
  }

  /**
   * Writes how messages stand. Those that are gone or do not pass the filter leave the snapshot; while it is being built
   * they leave a mark, lest the lists that are being read bring them back.
   */
  async write(manager: EntityManager, snapshot: Snapshot, states: MessageStates): Promise<void> {
    if (snapshot.state === 'unsupported') return;
    const counts = labelsCount(snapshot.filter);
    const rows = await this.encode(
      manager,
      snapshot,
      [...states].map(([id, state]) => [id, state && counts(state.labelIds) ? state : null]),
    );
    if (!rows) return this.giveUp(manager, snapshot.id);
    const kept = snapshot.state === 'building' ? rows : rows.filter(({ labels }) => labels !== null);
    await insert(
      manager,
      snapshot.id,
      kept,
      `DO UPDATE SET thread_id = coalesce(excluded.thread_id, m.thread_id), labels = excluded.labels
       WHERE m.labels IS DISTINCT FROM excluded.labels`,
    );
    const left = rows.filter((row) => !kept.includes(row)).map(({ message }) => message);
    if (left.length === 0) return;
    const one = 'DELETE FROM snapshot_messages WHERE snapshot_id = $1 AND message_id = ANY ($2::bigint[])';
    await sql(manager, one, [snapshot.id, left]);
  }

  /**
   * Adds what the lists showed to a snapshot that is being built; what a sync has written meanwhile is newer and stays.
   *
   * @returns false when the mailbox cannot have a snapshot
   */
  async fill(snapshot: Snapshot, states: [string, MessageState][]): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await this.encode(manager, snapshot, states);
      if (rows) await insert(manager, snapshot.id, rows, 'DO NOTHING');
      else await this.giveUp(manager, snapshot.id);
      return rows !== undefined;
    });
  }

  /** The messages of a snapshot: all of them, or those with the given ids. */
  async messages(
    snapshot: Snapshot,
    ids?: string[],
    on: SqlExecutor = this.dataSource,
  ): Promise<Map<string, MessageState>> {
    const rows = await sql<{ message_id: string; thread_id: string | null; labels: number[] }>(
      on,
      `SELECT message_id, thread_id, labels FROM snapshot_messages
       WHERE snapshot_id = $1 AND labels IS NOT NULL AND ($2::bigint[] IS NULL OR message_id = ANY ($2))`,
      [snapshot.id, ids?.flatMap((id) => messageNumber(id) ?? []) ?? null],
    );
    return new Map(
      rows.map(({ message_id, thread_id, labels }) => [
        messageIdOf(message_id),
        {
          threadId: thread_id === null ? null : messageIdOf(thread_id),
          labelIds: labels.map((number) => snapshot.labels[number]!),
        },
      ]),
    );
  }

  /** Counts what an unfinished repair has appended; a repair that is taken up again adds to it. */
  async addRecovered(
    manager: EntityManager,
    snapshot: Snapshot,
    counts: Record<string, number>,
  ): Promise<void> {
    const recovered = await this.recovered(manager, snapshot);
    for (const [type, count] of Object.entries(counts)) recovered[type] = (recovered[type] ?? 0) + count;
    await this.setRecovered(manager, snapshot, recovered);
  }

  /** What the whole repair has appended, at its end. */
  async takeRecovered(manager: EntityManager, snapshot: Snapshot): Promise<Record<string, number>> {
    const recovered = await this.recovered(manager, snapshot);
    await this.setRecovered(manager, snapshot, null);
    return recovered;
  }

  private async recovered(manager: EntityManager, { id }: Snapshot): Promise<Record<string, number>> {
    const [row] = await sql<{ recovered: Record<string, number> | null }>(
      manager,
      'SELECT recovered FROM mailbox_snapshots WHERE id = $1',
      [id],
    );
    return { ...row?.recovered };
  }

  private async setRecovered(
    manager: EntityManager,
    { id }: Snapshot,
    recovered: Record<string, number> | null,
  ) {
    const value = recovered && JSON.stringify(recovered);
    await sql(manager, 'UPDATE mailbox_snapshots SET recovered = $2 WHERE id = $1', [id, value]);
  }

  /** @returns undefined when an id is no 64-bit number */
  private async encode(
    manager: EntityManager,
    snapshot: Snapshot,
    states: [string, MessageState | null][],
  ): Promise<Row[] | undefined> {
    const numbers = await this.labelNumbers(
      manager,
      snapshot,
      new Set(states.flatMap(([, state]) => state?.labelIds ?? [])),
    );
    const rows: Row[] = [];
    for (const [id, state] of states) {
      const message = messageNumber(id);
      const thread = state && state.threadId !== null ? messageNumber(state.threadId) : null;
      if (message === undefined || thread === undefined) return undefined;
      const labels = state && state.labelIds.map((label) => numbers.get(label)!).sort((a, b) => a - b);
      rows.push({ message, thread, labels: labels && `{${labels.join()}}` });
    }
    return rows;
  }

  /** The number of each label; labels that are new to the dictionary are added to it. */
  private async labelNumbers(
    manager: EntityManager,
    snapshot: Snapshot,
    used: Set<string>,
  ): Promise<Map<string, number>> {
    if ([...used].some((label) => !snapshot.labels.includes(label))) {
      // In one statement: a sync and the build may both bring new labels at the same moment.
      const [row] = await sql<{ labels: string[] }>(
        manager,
        `UPDATE mailbox_snapshots SET
           labels = labels || ARRAY(SELECT label FROM unnest($2::text[]) AS label WHERE label <> ALL (labels))
         WHERE id = $1 RETURNING labels`,
        [snapshot.id, [...used]],
      );
      if (row) snapshot.labels = row.labels;
    }
    return new Map(snapshot.labels.map((label, number) => [label, number]));
  }

  private async giveUp(manager: EntityManager, id: number): Promise<void> {
    await sql(
      manager,
      `UPDATE mailbox_snapshots SET state = 'unsupported', build_at = NULL, claimed_by = NULL, claimed_until = NULL,
         recovered = NULL WHERE id = $1`,
      [id],
    );
    await sql(manager, 'DELETE FROM snapshot_messages WHERE snapshot_id = $1', [id]);
  }
}

interface Row {
  message: string;
  thread: string | null;
  labels: string | null;
}

/** Into a snapshot that is there: one that was dropped meanwhile takes nothing, and is not missed. */
async function insert(on: SqlExecutor, id: number, rows: Row[], onConflict: string): Promise<void> {
  if (rows.length === 0) return;
  await sql(
    on,
    `INSERT INTO snapshot_messages AS m (message_id, thread_id, snapshot_id, labels)
     SELECT message_id, thread_id, s.id, labels::smallint[]
     FROM (SELECT id FROM mailbox_snapshots WHERE id = $1 FOR KEY SHARE) s,
          unnest($2::bigint[], $3::bigint[], $4::text[]) AS new (message_id, thread_id, labels)
     ORDER BY message_id
     ON CONFLICT (snapshot_id, message_id) ${onConflict}`,
    [
      id,
      rows.map(({ message }) => message),
      rows.map(({ thread }) => thread),
      rows.map(({ labels }) => labels),
    ],
  );
}
