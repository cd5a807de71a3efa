import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sql } from '../../database/sql';
import { KeptData } from '../../erasure/kept-data';
import type { LabelFilter } from '../../gmail/label-filter';

/** When a mailbox has a snapshot, in SQL. Everything here belongs to the caller's transaction. */
@Injectable()
export class SnapshotLifecycleStore {
  constructor(kept: KeptData) {
    const where = 'snapshot_id IN (SELECT id FROM mailbox_snapshots WHERE mailbox_id = $1)';
    kept.addRows(
      { table: 'listed_messages', where },
      { table: 'snapshot_messages', where },
      { table: 'mailbox_snapshots', where: 'mailbox_id = $1' },
    );
  }

  /** Has a snapshot for this filter: one that was made for another is dropped and built anew. */
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

  /** Changes happened that no event will report: what is known is dropped and built anew. */
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

  /** The mailbox cannot have one. */
  async giveUp(manager: EntityManager, id: number): Promise<void> {
    await sql(
      manager,
      `UPDATE mailbox_snapshots SET state = 'unsupported', build_at = NULL, claimed_by = NULL, claimed_until = NULL,
         recovered = NULL WHERE id = $1`,
      [id],
    );
    await sql(manager, 'DELETE FROM snapshot_messages WHERE snapshot_id = $1', [id]);
  }
}
