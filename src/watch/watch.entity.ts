import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ClaimableColumns } from '../background/claimable.columns';
import type { LabelFilterBehavior } from '../config/settings';
import type { LastError } from '../common/last-error';

/** The facts about a watch. Its status is derived from them (`watch-status.ts`), never stored. */
@Entity('watches')
@Index('watches_failing_idx', ['mailboxId'], { where: 'stopped_at IS NULL AND failures > 0' })
@Index('watches_claimed_by_idx', ['claimedBy'], { where: 'claimed_by IS NOT NULL' })
export class WatchEntity extends ClaimableColumns {
  @ForeignKey('mailboxes', { name: 'watches_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'watches_pkey' })
  mailboxId!: string;

  @Column({ name: 'label_ids', type: 'text', array: true })
  labelIds!: string[];

  @Column({ name: 'label_filter_behavior', type: 'text' })
  labelFilterBehavior!: LabelFilterBehavior;

  /** When it was last asked for, by connecting or by PUT. */
  @Column({ name: 'requested_at', type: 'timestamptz', default: () => 'now()' })
  requestedAt!: Date;

  /** When the watch that Google granted last runs out; null when it has granted none. */
  @Index('watches_expires_at_idx', { where: 'stopped_at IS NULL' })
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'expiry_reported', type: 'boolean', default: false })
  expiryReported!: boolean;

  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt!: Date | null;

  /** When the renewal job is next to act. */
  @Index('watches_renew_at_idx', { where: 'stopped_at IS NULL' })
  @Column({ name: 'renew_at', type: 'timestamptz', nullable: true })
  renewAt!: Date | null;

  /** Refusals in a row. */
  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** Whether `watch.failed` has been appended for this run of refusals. */
  @Column({ name: 'failure_reported', type: 'boolean', default: false })
  failureReported!: boolean;

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;
}
