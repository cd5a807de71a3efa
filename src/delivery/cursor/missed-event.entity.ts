import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What left the log before an endpoint had it. Read and written in SQL by `missed-event.store.ts`. */
@Entity('missed_events')
export class MissedEventEntity {
  @ForeignKey('endpoints', { name: 'missed_events_endpoint_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'missed_events_pkey' })
  endpointId!: string;

  @ForeignKey('mailboxes', { name: 'missed_events_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'missed_events_pkey' })
  mailboxId!: string;

  /** Of the event that tells it. */
  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ name: 'email_address', type: 'text' })
  emailAddress!: string;

  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  /** How many events of the types that the endpoint wants. */
  @Column({ type: 'bigint' })
  count!: string;

  @Column({ name: 'from_sequence', type: 'bigint' })
  fromSequence!: string;

  /** The endpoint has been told when its cursor is here. */
  @Column({ name: 'to_sequence', type: 'bigint' })
  toSequence!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz', default: () => 'now()' })
  occurredAt!: Date;
}
