import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SyncSettings } from '../../config/settings';
import { sql } from '../../database/sql';
import { KeptData } from '../../erasure/kept-data';
import type { LabelFilter } from '../../gmail/label-filter';

/** So many syncs in a row with changes that no notification announced show that a watch is silent. */
const SILENT_SYNCS_LIMIT = 2;

/**
 * What is added to that once the watch was started afresh without success: then it is rather the subscription that is broken, and
 * starting watches over and over costs quota and helps nobody.
 */
const FORGIVEN_SYNCS = 8;

/** Where a cursor begins, rests and ends, in SQL. Statements with a manager belong to the caller's transaction. */
@Injectable()
export class CursorLifecycleStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: SyncSettings,
    kept: KeptData,
  ) {
    kept.addRows({ table: 'mailbox_cursors', where: 'mailbox_id = $1' });
  }

  /** Makes the mailbox due now; a wait that Google asked for is not shortened. */
  async requestSync(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET request_count = request_count + 1, address_check_requested = true,
         next_sync_at = greatest(now(), not_before)
       WHERE mailbox_id = $1 AND NOT paused AND history_id IS NOT NULL`,
      [mailboxId],
    );
  }

  /** Gmail has said which address the account has. */
  async addressChecked(mailboxId: string): Promise<void> {
    await sql(
      this.dataSource,
      'UPDATE mailbox_cursors SET address_check_requested = false WHERE mailbox_id = $1',
      [mailboxId],
    );
  }

  /** Makes sure that there is a row, and that what was missed is read. */
  async resume(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      `INSERT INTO mailbox_cursors AS c (mailbox_id) VALUES ($1)
       ON CONFLICT (mailbox_id) DO UPDATE SET paused = false, failures = 0, last_error = NULL,
         next_sync_at = CASE WHEN c.history_id IS NOT NULL THEN greatest(now(), c.not_before) END`,
      [mailboxId],
    );
  }

  /**
   * What was notified may have been of another account, which has had the address: the mailbox is read now, and the
   * notifications are forgotten.
   */
  async forgetNotifications(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      `UPDATE mailbox_cursors SET notified_history_id = least(notified_history_id, history_id), notifications = '{}',
         behind_since = NULL, next_sync_at = CASE WHEN failures = 0 THEN greatest(now(), not_before) ELSE next_sync_at END
       WHERE mailbox_id = $1 AND NOT paused AND history_id IS NOT NULL`,
      [mailboxId],
    );
  }

  /** The mailbox is no longer active: nothing is read, and a run under way cannot commit. */
  async pause(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      'UPDATE mailbox_cursors SET paused = true, next_sync_at = NULL WHERE mailbox_id = $1',
      [mailboxId],
    );
  }

  /** The place in the history is given up; the next watch sets a new one. */
  async forget(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      `WITH own AS (DELETE FROM own_changes WHERE mailbox_id = $1)
       UPDATE mailbox_cursors SET paused = true, history_id = NULL, notified_history_id = NULL, next_sync_at = NULL,
         last_sync_at = NULL, reconcile_until = NULL, behind_since = NULL, gap_found_at = NULL, last_error = NULL,
         notifications = '{}'
       WHERE mailbox_id = $1`,
      [mailboxId],
    );
  }

  async hasBegun(mailboxId: string): Promise<boolean> {
    const query = 'SELECT 1 FROM mailbox_cursors WHERE mailbox_id = $1 AND history_id IS NOT NULL';
    return (await sql(this.dataSource, query, [mailboxId])).length > 0;
  }

  async begin(mailboxId: string, { labelIds, labelFilterBehavior }: LabelFilter, at: bigint): Promise<void> {
    await sql(
      this.dataSource,
      `UPDATE mailbox_cursors SET label_ids = $2, label_filter_behavior = $3, history_id = $4, started_at = now()
       WHERE mailbox_id = $1 AND history_id IS NULL AND NOT paused`,
      [mailboxId, labelIds, labelFilterBehavior, at.toString()],
    );
  }

  /**
   * A watch lives: its filter is in force from here on, and a first watch's history id is where reading begins.
   * What went on while none lived is read at once, whatever becomes of Gmail's first notification.
   */
  async follow(
    manager: EntityManager,
    mailboxId: string,
    watch: LabelFilter & { historyId: bigint; expiresAt: Date },
  ): Promise<void> {
    await sql(
      manager,
      `UPDATE mailbox_cursors SET label_ids = $2, label_filter_behavior = $3, reconcile_until = $4,
         silent_syncs = CASE WHEN silent_syncs >= ${SILENT_SYNCS_LIMIT} THEN -${FORGIVEN_SYNCS}
                             ELSE least(silent_syncs, 0) END,
         history_id = coalesce(history_id, $5::bigint),
         started_at = CASE WHEN history_id IS NULL THEN now() ELSE started_at END,
         next_sync_at = CASE WHEN paused THEN NULL
           WHEN notified_history_id > coalesce(history_id, $5::bigint)
             OR $5 > history_id AND (reconcile_until > now()) IS NOT TRUE
             THEN least(next_sync_at, greatest(now(), not_before))
           ELSE least(next_sync_at, now() + $6 * interval '1 ms') END
       WHERE mailbox_id = $1`,
      [
        mailboxId,
        watch.labelIds,
        watch.labelFilterBehavior,
        watch.expiresAt,
        watch.historyId.toString(),
        this.settings.reconcileInterval,
      ],
    );
  }

  /** The watch was stopped: a quiet mailbox is no longer read from time to time. */
  async unfollow(manager: EntityManager, mailboxId: string): Promise<void> {
    await sql(
      manager,
      `UPDATE mailbox_cursors SET reconcile_until = NULL, reconcile_at = NULL,
         next_sync_at = CASE WHEN next_sync_at IS DISTINCT FROM reconcile_at THEN next_sync_at END
       WHERE mailbox_id = $1`,
      [mailboxId],
    );
  }

  /** The mailboxes, of these or of all, whose changes were found again and again without a notification of them. */
  async silent(among: string[] | null): Promise<string[]> {
    const rows = await sql<{ mailbox_id: string }>(
      this.dataSource,
      `SELECT mailbox_id FROM mailbox_cursors
       WHERE silent_syncs >= ${SILENT_SYNCS_LIMIT} AND NOT paused AND ($1::text[] IS NULL OR mailbox_id = ANY ($1))`,
      [among],
    );
    return rows.map((row) => row.mailbox_id);
  }
}
