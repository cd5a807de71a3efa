import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ClaimableColumns } from '../../background/claimable.columns';

/** A mailbox that is to be erased, until it is. */
@Entity('erasures')
export class ErasureEntity extends ClaimableColumns {
  @ForeignKey('mailboxes', { name: 'erasures_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'erasures_pkey' })
  mailboxId!: string;

  /** What it was known by, once the mailbox itself has forgotten it: kept answers and sessions are found by it. */
  @Column({ name: 'email_addresses', type: 'text', array: true, default: [] })
  emailAddresses!: string[];

  @Column({ name: 'external_ids', type: 'text', array: true, default: [] })
  externalIds!: string[];

  @Column({ type: 'integer', default: 0 })
  failures!: number;

  @Index('erasures_due_at_idx')
  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
