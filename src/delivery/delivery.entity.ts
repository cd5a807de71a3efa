import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Attempt, DeliveryStatus } from './delivery.types';

/**
 * Where an endpoint stands in one mailbox's events. Rows are written in SQL by `delivery-cursor.store.ts`,
 * `settlement.store.ts` and `cursor-upkeep.store.ts`; this declares their columns for the tools.
 */
@Entity('delivery_cursors')
@Index('delivery_cursors_due_idx', ['endpointId', 'nextAttemptAt'], { where: 'wanted_sequence > sequence' })
export class DeliveryCursorEntity {
  @ForeignKey('endpoints', { name: 'delivery_cursors_endpoint_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'delivery_cursors_pkey' })
  endpointId!: string;

  @Index('delivery_cursors_mailbox_id_idx')
  @ForeignKey('mailboxes', { name: 'delivery_cursors_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'delivery_cursors_pkey' })
  mailboxId!: string;

  /** The last event handed over: delivered, dead, set aside, or passed over by the filter. */
  @Column({ type: 'bigint' })
  sequence!: string;

  /** The last event known to be wanted. The cursor is due while this is ahead of `sequence`. */
  @Column({ name: 'wanted_sequence', type: 'bigint' })
  wantedSequence!: string;

  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** How many attempts of the event after `sequence` have failed. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** When the attempt under way began. Left behind by a process that died: its outcome is unknown. */
  @Column({ name: 'attempt_started_at', type: 'timestamptz', nullable: true })
  attemptStartedAt!: Date | null;

  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;
}

/** One event handed to one endpoint: there is a row from the first attempt on. */
@Entity('deliveries')
@Unique('deliveries_endpoint_id_event_id_key', ['endpointId', 'eventId'])
@Index('deliveries_set_aside_idx', ['endpointId', 'nextAttemptAt'], {
  where: `status = 'pending' AND set_aside`,
})
@Index('deliveries_undelivered_idx', ['endpointId', 'mailboxId'], { where: `status = 'pending'` })
export class DeliveryEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'deliveries_pkey' })
  id!: string;

  @ForeignKey('endpoints', { name: 'deliveries_endpoint_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'endpoint_id', type: 'text' })
  endpointId!: string;

  @ForeignKey('mailboxes', { name: 'deliveries_mailbox_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'mailbox_id', type: 'text' })
  mailboxId!: string;

  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ name: 'event_type', type: 'text' })
  eventType!: string;

  @Column({ type: 'bigint' })
  sequence!: string;

  @Column({ type: 'text' })
  status!: DeliveryStatus;

  @Column({ type: 'json' })
  attempts!: Attempt[];

  /** The cursor went on without it (ordering `none`): this row itself is claimed when `next_attempt_at` has come. */
  @Column({ name: 'set_aside', type: 'boolean', default: false })
  setAside!: boolean;

  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  nextAttemptAt!: Date | null;

  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;

  @Column({ name: 'attempt_started_at', type: 'timestamptz', nullable: true })
  attemptStartedAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
