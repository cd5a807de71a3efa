import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** The log. Rows are written and read by `event-log.service.ts` in SQL; this declares their columns for the tools. */
@Entity('events')
@Unique('events_id_key', ['id'])
@Unique('events_mailbox_id_sequence_key', ['mailboxId', 'sequence'])
@Index('events_rare_type_idx', ['type', 'commitOrder', 'position'], { where: `type NOT LIKE 'message.%'` })
@Index('events_without_mailbox_idx', ['commitOrder', 'position'], { where: 'mailbox_id IS NULL' })
@Index('events_message_added_once_idx', ['messageId', 'mailboxId'], {
  unique: true,
  where: `type = 'message.added'`,
})
export class EventEntity {
  @PrimaryColumn({ name: 'commit_order', type: 'bigint', primaryKeyConstraintName: 'events_pkey' })
  commitOrder!: string;

  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    primaryKeyConstraintName: 'events_pkey',
    generatedIdentity: 'ALWAYS',
  })
  position!: string;

  @Column({ type: 'text' })
  id!: string;

  @Column({ name: 'mailbox_id', type: 'text', nullable: true })
  mailboxId!: string | null;

  @Column({ type: 'bigint', nullable: true })
  sequence!: string | null;

  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'text' })
  origin!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz' })
  occurredAt!: Date;

  @Column({ name: 'email_address', type: 'text', nullable: true })
  emailAddress!: string | null;

  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  @Column({ name: 'message_id', type: 'text', nullable: true })
  messageId!: string | null;

  @Column({ type: 'json' })
  data!: unknown;

  /** The mark of the notification that announced it, where one did. Never shown. */
  @Column({ type: 'text', nullable: true })
  notification!: string | null;

  /** Of `data`, as JSON. Null where it was not measured. */
  @Column({ type: 'integer', nullable: true })
  bytes!: number | null;
}

/** The last `sequence` given to an event of each mailbox. */
@Entity('mailbox_sequences')
export class MailboxSequenceEntity {
  @ForeignKey('mailboxes', { name: 'mailbox_sequences_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'mailbox_sequences_pkey' })
  mailboxId!: string;

  @Column({ name: 'last_sequence', type: 'bigint' })
  lastSequence!: string;
}

/** The messages whose `message.added` was in the log and has left it by retention. */
@Entity('seen_messages')
export class SeenMessageEntity {
  @ForeignKey('mailboxes', { name: 'seen_messages_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'seen_messages_pkey' })
  mailboxId!: string;

  @PrimaryColumn({ name: 'message_id', type: 'text', primaryKeyConstraintName: 'seen_messages_pkey' })
  messageId!: string;
}
