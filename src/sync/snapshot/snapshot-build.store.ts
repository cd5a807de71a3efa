import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CLAIM_SECONDS, REPLICA } from '../../background/replica';
import { sql } from '../../database/sql';
import { SupersededError } from '../cursor/sync.errors';
import { SnapshotLifecycleStore } from './snapshot-lifecycle.store';

/** A snapshot that this replica is to build. */
export interface SnapshotClaim {
  id: number;
  mailboxId: string;
  failures: number;
  /** Builds that began and never returned their claim: each has killed its process, or failed by a defect of ours. */
  attempts: number;
}

const RETURNED = 'claimed_by = NULL, claimed_until = NULL';

/** The building of snapshots in SQL: claims, and what others decide and a build has to obey. */
@Injectable()
export class SnapshotBuildStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lifecycle: SnapshotLifecycleStore,
  ) {}

  async claim(limit: number): Promise<SnapshotClaim[]> {
    const rows = await sql<{ id: number; mailbox_id: string; failures: number; attempts: number }>(
      this.dataSource,
      `UPDATE mailbox_snapshots s SET claimed_by = $1, claimed_until = now() + $2 * interval '1 second'
       FROM (SELECT s.id FROM mailbox_snapshots s JOIN mailbox_cursors c ON c.mailbox_id = s.mailbox_id
             WHERE s.build_at <= now() AND (s.claimed_until IS NULL OR s.claimed_until < now())
               AND NOT c.paused AND c.history_id IS NOT NULL AND (c.not_before IS NULL OR c.not_before <= now())
             ORDER BY s.build_at LIMIT $3 FOR UPDATE OF s SKIP LOCKED) due
       WHERE s.id = due.id RETURNING s.id, s.mailbox_id, s.failures, s.attempts`,
      [REPLICA, CLAIM_SECONDS, limit],
    );
    return rows.map(({ id, mailbox_id, failures, attempts }) => ({
      id,
      mailboxId: mailbox_id,
      failures,
      attempts,
    }));
  }

  /**
   * Begins from nothing, with a new id: a build that another replica still continues has nothing to write to from here on.
   * The attempt is counted now: should it kill the process, the next one knows.
   *
   * @returns where the cursor is: from here on syncs write into the snapshot
   * @throws SupersededError when the claim no longer stands
   */
  async begin(manager: EntityManager, claim: SnapshotClaim): Promise<bigint> {
    const [cursor] = await sql<{ history_id: string }>(
      manager,
      'SELECT history_id FROM mailbox_cursors WHERE mailbox_id = $1 AND NOT paused AND history_id IS NOT NULL',
      [claim.mailboxId],
    );
    if (!cursor) throw new SupersededError();
    const [row] = await sql<{ label_ids: string[]; label_filter_behavior: string; claimed_until: Date }>(
      manager,
      `DELETE FROM mailbox_snapshots WHERE id = $1 AND claimed_by = $2 AND build_at IS NOT NULL
       RETURNING label_ids, label_filter_behavior, claimed_until`,
      [claim.id, REPLICA],
    );
    if (!row) throw new SupersededError();
    const [begun] = await sql<{ id: number }>(
      manager,
      `INSERT INTO mailbox_snapshots
         (mailbox_id, label_ids, label_filter_behavior, failures, attempts, claimed_by, claimed_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [
        claim.mailboxId,
        row.label_ids,
        row.label_filter_behavior,
        claim.failures,
        ++claim.attempts,
        REPLICA,
        row.claimed_until,
      ],
    );
    claim.id = begun!.id;
    return BigInt(cursor.history_id);
  }

  /**
   * Whether the build may go on: the mailbox is active and the snapshot still the one that is wanted.
   *
   * @returns in how many milliseconds Google may be asked
   * @throws SupersededError when it may not
   */
  async mayAskIn({ id }: SnapshotClaim): Promise<number> {
    const [row] = await sql<{ wait: number }>(
      this.dataSource,
      `SELECT greatest(0, extract(epoch FROM c.not_before - now()) * 1000)::float AS wait
       FROM mailbox_snapshots s JOIN mailbox_cursors c ON c.mailbox_id = s.mailbox_id
       WHERE s.id = $1 AND s.claimed_by = $2 AND s.state = 'building' AND NOT c.paused`,
      [id, REPLICA],
    );
    if (!row) throw new SupersededError();
    return row.wait;
  }

  /** Google has asked for a wait: the syncs of the mailbox wait too. */
  async wait({ mailboxId }: SnapshotClaim, until: Date): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET not_before = greatest(not_before, $2),
         reconcile_at = CASE WHEN reconcile_at = next_sync_at THEN greatest(next_sync_at, $2) ELSE reconcile_at END,
         next_sync_at = CASE WHEN next_sync_at IS NOT NULL THEN greatest(next_sync_at, $2) END
       WHERE mailbox_id = $1`,
      [mailboxId, until],
    );
  }

  /**
   * The end of a build: the traces of what left meanwhile are no longer needed.
   *
   * @returns the number of messages
   * @throws SupersededError
   */
  async complete(manager: EntityManager, { id }: SnapshotClaim): Promise<number> {
    const ready = await sql(
      manager,
      `UPDATE mailbox_snapshots SET state = 'ready', build_at = NULL, failures = 0, attempts = 0, ${RETURNED}
       WHERE id = $1 AND claimed_by = $2 AND state = 'building' RETURNING 1`,
      [id, REPLICA],
    );
    if (ready.length === 0) throw new SupersededError();
    await sql(manager, 'DELETE FROM snapshot_messages WHERE snapshot_id = $1 AND labels IS NULL', [id]);
    const count = 'SELECT count(*)::int AS count FROM snapshot_messages WHERE snapshot_id = $1';
    const [row] = await sql<{ count: number }>(manager, count, [id]);
    return row!.count;
  }

  /** @param counts whether it counts as an attempt: nothing of Google's or the database's has made it fail */
  async fail({ id }: SnapshotClaim, wait: number, counts: boolean): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_snapshots SET failures = failures + 1, build_at = now() + $3 * interval '1 ms', ${RETURNED},
         attempts = CASE WHEN $4 THEN attempts ELSE greatest(attempts - 1, 0) END
       WHERE id = $1 AND claimed_by = $2`,
      [id, REPLICA, Math.round(wait), counts],
    );
  }

  /** The mailbox is done without a snapshot. */
  async giveUp({ id }: SnapshotClaim): Promise<void> {
    await this.dataSource.transaction((manager) => this.lifecycle.giveUp(manager, id));
  }

  async release({ id }: SnapshotClaim): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_snapshots SET ${RETURNED}, attempts = greatest(attempts - 1, 0)
       WHERE id = $1 AND claimed_by = $2`,
      [id, REPLICA],
    );
  }

  /** A row that another session holds is not waited for. */
  async renew(claims: SnapshotClaim[]): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_snapshots s SET claimed_until = now() + $2 * interval '1 second'
       FROM (SELECT id FROM mailbox_snapshots WHERE claimed_by = $1 AND claimed_until > now() AND id = ANY ($3)
             FOR NO KEY UPDATE SKIP LOCKED) mine
       WHERE s.id = mine.id`,
      [REPLICA, CLAIM_SECONDS, claims.map(({ id }) => id)],
    );
  }
}
