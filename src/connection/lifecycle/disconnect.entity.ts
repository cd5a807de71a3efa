import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { LastError } from '../../sync/cursor/sync.types';
import type { DisconnectStep } from '../disconnect.types';

/** A disconnect that is asked for and not finished. */
@Entity('disconnects')
export class DisconnectEntity {
  @ForeignKey('mailboxes', { name: 'disconnects_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'disconnects_pkey' })
  mailboxId!: string;

  /** The step that is to be done next. */
  @Column({ type: 'text' })
  step!: DisconnectStep;

  @Column({ type: 'integer', default: 0 })
  failures!: number;

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;

  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;
}
