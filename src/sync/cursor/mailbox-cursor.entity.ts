import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ReadingColumns } from './reading.columns';
import type { LabelFilterBehavior } from '../../config/settings';
import type { LastError } from '../../common/last-error';

/** Where Inboxwire stands in the history of a mailbox. Written in SQL only, where a race decides; declared for the tools. */
@Entity('mailbox_cursors')
@Index('mailbox_cursors_news_idx', ['nextSyncAt'], {
  where: 'next_sync_at IS DISTINCT FROM reconcile_at AND gap_found_at IS NULL',
})
@Index('mailbox_cursors_silent_idx', ['mailboxId'], { where: 'silent_syncs >= 2 AND NOT paused' })
@Index('mailbox_cursors_reconcile_idx', ['nextSyncAt'], {
  where: 'next_sync_at = reconcile_at AND gap_found_at IS NULL',
})
export class MailboxCursorEntity extends ReadingColumns {
  @ForeignKey('mailboxes', { name: 'mailbox_cursors_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'mailbox_cursors_pkey' })
  mailboxId!: string;

  /** The cursor. Null until the first watch. A bigint, which JavaScript reads as a string. */
  @Column({ name: 'history_id', type: 'bigint', nullable: true })
  historyId!: string | null;

  /** When the cursor began: nothing from before belongs to the log. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  /** The highest id that a notification has named. */
  @Column({ name: 'notified_history_id', type: 'bigint', nullable: true })
  notifiedHistoryId!: string | null;

  @Column({ name: 'last_notification_at', type: 'timestamptz', nullable: true })
  lastNotificationAt!: Date | null;

  /**
   * The notifications that no sync has answered yet, the first few of them: the history id and the trace of each. For
   * metrics, logs and traces; nothing is decided by it.
   */
  @Column({ type: 'text', array: true, default: '{}' })
  notifications!: string[];

  @Column({ name: 'last_sync_at', type: 'timestamptz', nullable: true })
  lastSyncAt!: Date | null;

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Column({ name: 'label_ids', type: 'text', array: true, default: '{}' })
  labelIds!: string[];

  @Column({ name: 'label_filter_behavior', type: 'text', default: 'include' })
  labelFilterBehavior!: LabelFilterBehavior;

  /** Until when the watch lives: so long a quiet mailbox is read from time to time. */
  @Column({ name: 'reconcile_until', type: 'timestamptz', nullable: true })
  reconcileUntil!: Date | null;

  /** When the next sync is due; null: nothing is. */
  @Column({ name: 'next_sync_at', type: 'timestamptz', nullable: true })
  nextSyncAt!: Date | null;

  /** When the next sync is due if nothing else asks for one: equal to `next_sync_at` where nothing has. */
  @Column({ name: 'reconcile_at', type: 'timestamptz', nullable: true })
  reconcileAt!: Date | null;

  /** When a gap in the history was found that is to be repaired; null: none is known. */
  @Index('mailbox_cursors_repair_idx', { where: 'gap_found_at IS NOT NULL' })
  @Column({ name: 'gap_found_at', type: 'timestamptz', nullable: true })
  gapFoundAt!: Date | null;

  /**
   * How many syncs in a row found changes that no notification had announced. Below zero after the watch was started
   * afresh for that: so many more are forgiven.
   */
  @Column({ name: 'silent_syncs', type: 'integer', default: 0 })
  silentSyncs!: number;

  /** The next sync asks Gmail for the address, whatever it finds. */
  @Column({ name: 'address_check_requested', type: 'boolean', default: false })
  addressCheckRequested!: boolean;

  /** A wait that Google asked for, or that its quota needs: nothing shortens it. */
  @Column({ name: 'not_before', type: 'timestamptz', nullable: true })
  notBefore!: Date | null;

  /** Counts the syncs that were asked for through the API: one that came during a run makes the mailbox due again. */
  @Column({ name: 'request_count', type: 'bigint', default: 0 })
  requestCount!: string;

  /** The mailbox is not active: nothing is read, hints are kept. */
  @Column({ type: 'boolean', default: false })
  paused!: boolean;

  /** Since when history has answered behind what a notification named. */
  @Column({ name: 'behind_since', type: 'timestamptz', nullable: true })
  behindSince!: Date | null;
}
