import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { LastError } from '../../common/last-error';

/** A backfill that is asked for and not finished. Written in SQL by its store; declared for the tools. */
@Entity('backfills')
export class BackfillEntity {
  @ForeignKey('mailboxes', { name: 'backfills_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'backfills_pkey' })
  mailboxId!: string;

  @Column({ type: 'timestamptz' })
  since!: Date;

  /** What arrived later is in the history after the cursor. Null until the first run begins. */
  @Column({ type: 'timestamptz', nullable: true })
  until!: Date | null;

  /** Everything from before is done. Null: nothing is. */
  @Column({ type: 'timestamptz', nullable: true })
  position!: Date | null;

  /** How many messages were added. A bigint, which JavaScript reads as a string. */
  @Column({ type: 'bigint', default: 0 })
  recovered!: string;

  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** Runs that began at this position and got no further, one under way included. Committed with the claim. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** The message that a run is at which takes them one by one; and how many runs in a row were. */
  @Column({ name: 'suspect_message_id', type: 'text', nullable: true })
  suspectMessageId!: string | null;

  @Column({ type: 'integer', default: 0 })
  suspected!: number;

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Index('backfills_due_at_idx')
  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;

  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
