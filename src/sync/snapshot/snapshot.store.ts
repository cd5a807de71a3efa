import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { prepared } from '../../database/prepared';
import { sql, type SqlExecutor } from '../../database/sql';
import type { HistoryRecord } from '../../gmail/gmail.types';
import type { LabelFilter } from '../../gmail/label-filter';
import { type MessageState, type MessageStates, passing, statesAfter } from '../history/history-states';
import { messageIdOf, messageNumber } from './message-number';
import { SnapshotLifecycleStore } from './snapshot-lifecycle.store';
import { encodeRows, putRows } from './snapshot-rows.store';
import type { Snapshot, SnapshotState } from './snapshot.types';

/**
 * What snapshots hold, in SQL. Everything that must not be lost is written in the transaction that moves the cursor: a
 * snapshot is what the log has reported, no more and no less.
 */
@Injectable()
export class SnapshotStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lifecycle: SnapshotLifecycleStore,
  ) {}

  async find(mailboxId: string, on: SqlExecutor = this.dataSource): Promise<Snapshot | undefined> {
    const [row] = await sql<{
      id: number;
      state: SnapshotState;
      label_ids: string[];
      label_filter_behavior: LabelFilter['labelFilterBehavior'];
      labels: string[];
      listing: number;
    }>(
      on,
      prepared(
        `SELECT id, state, label_ids, label_filter_behavior, labels, listing FROM mailbox_snapshots WHERE mailbox_id = $1`,
      ),
      [mailboxId],
    );
    if (!row) return undefined;
    const filter = { labelIds: row.label_ids, labelFilterBehavior: row.label_filter_behavior };
    return { id: row.id, state: row.state, filter, labels: row.labels, listing: row.listing };
  }

  /** Keeps the snapshot in step with records that are committed. Within the transaction that moves the cursor past them. */
  async apply(manager: EntityManager, mailboxId: string, records: HistoryRecord[]): Promise<void> {
    const states = statesAfter(records);
    if (states.size === 0) return;
    const snapshot = await this.find(mailboxId, manager);
    if (snapshot) await this.write(manager, snapshot, states);
  }

  /** The records cannot be taken in: it is built anew. */
  restart(manager: EntityManager, mailboxId: string): Promise<void> {
    return this.lifecycle.restart(manager, mailboxId);
  }

  /**
   * Writes how messages stand. Those that are gone or do not pass the filter leave the snapshot; while it is being built
   * a trace of them stays, so that the lists that are being read do not bring them back.
   */
  async write(manager: EntityManager, snapshot: Snapshot, states: MessageStates): Promise<void> {
    if (snapshot.state === 'unsupported') return;
    const rows = await encodeRows(manager, snapshot, passing(states, snapshot.filter));
    if (!rows) return this.lifecycle.giveUp(manager, snapshot.id);
    const kept = snapshot.state === 'building' ? rows : rows.filter(({ labels }) => labels !== null);
    await putRows(manager, snapshot.id, kept);
    const left = rows.filter((row) => !kept.includes(row)).map(({ message }) => message);
    if (left.length === 0) return;
    const one = 'DELETE FROM snapshot_messages WHERE snapshot_id = $1 AND message_id = ANY ($2::bigint[])';
    await sql(manager, one, [snapshot.id, left]);
  }

  /** Those of the messages that the snapshot has. */
  async messages(
    snapshot: Snapshot,
    ids: string[],
    on: SqlExecutor = this.dataSource,
  ): Promise<Map<string, MessageState>> {
    const rows = await sql<{ message_id: string; thread_id: string | null; labels: number[] }>(
      on,
      `SELECT message_id, thread_id, labels FROM snapshot_messages
       WHERE snapshot_id = $1 AND labels IS NOT NULL AND message_id = ANY ($2::bigint[])`,
      [snapshot.id, ids.flatMap((id) => messageNumber(id) ?? [])],
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
}
