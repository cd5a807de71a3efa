import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ClaimableColumns } from '../../background/claimable.columns';
import type { LabelFilterBehavior } from '../../config/settings';
import type { SnapshotState } from './snapshot.types';

/**
 * The snapshot of a mailbox. Building it anew makes a new row with a new id, so that whoever still works for an old one
 * has nothing to write to. Read and written in SQL by the two stores; declared for the tools.
 */
@Entity('mailbox_snapshots')
@Unique('mailbox_snapshots_mailbox_id_key', ['mailboxId'])
export class MailboxSnapshotEntity extends ClaimableColumns {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    primaryKeyConstraintName: 'mailbox_snapshots_pkey',
    generatedIdentity: 'ALWAYS',
  })
  id!: number;

  @ForeignKey('mailboxes', { name: 'mailbox_snapshots_mailbox_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'mailbox_id', type: 'text' })
  mailboxId!: string;

  /** The filter of the watch: only what passes it belongs to the snapshot. */
  @Column({ name: 'label_ids', type: 'text', array: true })
  labelIds!: string[];

  @Column({ name: 'label_filter_behavior', type: 'text' })
  labelFilterBehavior!: LabelFilterBehavior;

  @Column({ type: 'text', default: 'building' })
  state!: SnapshotState;

  /** The dictionary: a label's number is its place in here. It only grows. */
  @Column({ type: 'text', array: true, default: '{}' })
  labels!: string[];

  /** What a repair that is not finished has appended so far, by type of event. */
  @Column({ type: 'json', nullable: true })
  recovered!: Record<string, number> | null;

  /** When it is next to be built; null: nothing is to be done. */
  @Index('mailbox_snapshots_build_at_idx', { where: 'build_at IS NOT NULL' })
  @Column({ name: 'build_at', type: 'timestamptz', nullable: true, default: () => 'now()' })
  buildAt!: Date | null;

  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** Builds that began and never returned their claim. Committed before they begin, so that one that kills the process counts. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** The number of the listing under way: one that was begun before has nothing to write to. */
  @Column({ type: 'integer', default: 0 })
  listing!: number;
}

/** One message of a snapshot. */
@Entity('snapshot_messages')
export class SnapshotMessageEntity {
  /** Gmail's id is 64 bits in hex; here with a sign. */
  @PrimaryColumn({ name: 'message_id', type: 'bigint', primaryKeyConstraintName: 'snapshot_messages_pkey' })
  messageId!: string;

  @Column({ name: 'thread_id', type: 'bigint', nullable: true })
  threadId!: string | null;

  @ForeignKey('mailbox_snapshots', { name: 'snapshot_messages_snapshot_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({
    name: 'snapshot_id',
    type: 'integer',
    primaryKeyConstraintName: 'snapshot_messages_pkey',
  })
  snapshotId!: number;

  /** Numbers of the dictionary, ascending. Null while building: a sync saw it leave, whatever the lists say. */
  @Column({ type: 'smallint', array: true, nullable: true })
  labels!: number[] | null;
}

/** One message as Gmail's lists show it, while a snapshot is built or compared. */
@Entity('listed_messages')
export class ListedMessageEntity {
  @PrimaryColumn({ name: 'message_id', type: 'bigint', primaryKeyConstraintName: 'listed_messages_pkey' })
  messageId!: string;

  @Column({ name: 'thread_id', type: 'bigint', nullable: true })
  threadId!: string | null;

  @ForeignKey('mailbox_snapshots', { name: 'listed_messages_snapshot_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'snapshot_id', type: 'integer', primaryKeyConstraintName: 'listed_messages_pkey' })
  snapshotId!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'listed_messages_pkey' })
  listing!: number;

  /** Numbers of the dictionary, in no order. Null: it did not exist. */
  @Column({ type: 'smallint', array: true, nullable: true })
  labels!: number[] | null;

  /** It changed while the lists were being read; this is how it was before. */
  @Column({ type: 'boolean', default: false })
  touched!: boolean;
}
