import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ReadingColumns } from '../cursor/reading.columns';
import type { LastError } from '../../common/last-error';

/** A backfill that is asked for and not finished. Written in SQL by its store; declared for the tools. */
@Entity('backfills')
export class BackfillEntity extends ReadingColumns {
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

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Index('backfills_due_at_idx')
  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
