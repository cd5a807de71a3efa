import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ClaimableColumns } from '../../background/claimable.columns';
import type { DeliveryStatus } from '../attempt/delivery.types';
import type { StoredAttempt } from '../attempt/stored-attempt';

/** What left the log before an endpoint had it. Read and written in SQL by `missed-event.store.ts`. */
@Entity('missed_events')
export class MissedEventEntity {
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'missed_events_pkey' })
  endpointId!: string;

  @ForeignKey('mailboxes', { name: 'missed_events_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'missed_events_pkey' })
  mailboxId!: string;

  /** Of the event that reports it. */
  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ name: 'email_address', type: 'text', nullable: true })
  emailAddress!: string | null;

  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  /** How many events that pass its subscription filter. */
  @Column({ type: 'bigint' })
  count!: string;

  @Column({ name: 'from_sequence', type: 'bigint' })
  fromSequence!: string;

  /** It has been reported when the cursor is here. */
  @Column({ name: 'to_sequence', type: 'bigint' })
  toSequence!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz', default: () => 'now()' })
  occurredAt!: Date;
}

/**
 * Where an endpoint stands in one mailbox's events. Rows are written in SQL by `delivery-cursor.store.ts`,
 * `settlement.store.ts` and `cursor-maintenance.store.ts`; this declares their columns for the tools.
 */
@Entity('delivery_cursors')
@Index('delivery_cursors_due_idx', ['endpointId', 'epoch', 'nextAttemptAt'], {
  where: 'high_watermark - sequence > 0',
})
export class DeliveryCursorEntity extends ClaimableColumns {
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'delivery_cursors_pkey' })
  endpointId!: string;

  @Index('delivery_cursors_mailbox_id_idx')
  @ForeignKey('mailboxes', { name: 'delivery_cursors_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'delivery_cursors_pkey' })
  mailboxId!: string;

  /** Of the endpoint when its list of mailboxes last included this one, without a break. Behind the endpoint's it counts as absent. */
  @Column({ type: 'integer' })
  epoch!: number;

  /** The last event handed over: delivered, dead, parked, or skipped by the filter. */
  @Column({ type: 'bigint' })
  sequence!: string;

  /** The last event that passes the subscription filter. The cursor is due while this is ahead of `sequence`. */
  @Column({ name: 'high_watermark', type: 'bigint' })
  highWatermark!: string;

  /** Where a replay has put it back from: up to there, what comes has come before. */
  @Column({ name: 'replayed_sequence', type: 'bigint', nullable: true })
  replayedSequence!: string | null;

  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** How many attempts of the event after `sequence` have failed. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** When the attempt under way began. Left behind by a process that died: its outcome is unknown. */
  @Column({ name: 'attempt_started_at', type: 'timestamptz', nullable: true })
  attemptStartedAt!: Date | null;

  /** If the attempt under way fails, the next one follows at once. */
  @Column({ name: 'retry_requested', type: 'boolean', default: false })
  retryRequested!: boolean;
}

/** One event handed to one endpoint: there is a row from the first attempt on. Its names are those of `delivery-id.ts`. */
@Entity('deliveries')
@Index('deliveries_mailbox_id_idx', ['mailboxId'])
@Index('deliveries_parked_idx', ['endpointId', 'nextAttemptAt'], {
  where: `status = 'pending' AND parked`,
})
@Index('deliveries_undelivered_idx', ['endpointId', 'mailboxId'], { where: `status = 'pending'` })
@Index('deliveries_pending_idx', ['endpointId', 'eventId'], { where: `status = 'pending'` })
@Index('deliveries_dead_idx', ['endpointId', 'eventId'], { where: `status = 'dead'` })
export class DeliveryEntity extends ClaimableColumns {
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'deliveries_pkey' })
  endpointId!: string;

  /** Event ids sort by time, so a range of them is a range of time: for lists, and for what is too old. */
  @PrimaryColumn({ name: 'event_id', type: 'text', primaryKeyConstraintName: 'deliveries_pkey' })
  eventId!: string;

  @Column({ name: 'mailbox_id', type: 'text', nullable: true })
  mailboxId!: string | null;

  @Column({ name: 'event_type', type: 'text' })
  eventType!: string;

  @Column({ type: 'bigint', nullable: true })
  sequence!: string | null;

  @Column({ type: 'text' })
  status!: DeliveryStatus;

  /** Every attempt there has been, those before a replay or a retry by hand included. */
  @Column({ type: 'jsonb' })
  attempts!: StoredAttempt[];

  /** How many have failed since it became pending: what the schedule of retries counts. */
  @Column({ type: 'integer', default: 0 })
  failures!: number;

  /** The cursor went on without it (ordering `none`): this row itself is claimed when `next_attempt_at` has come. */
  @Column({ name: 'parked', type: 'boolean', default: false })
  parked!: boolean;

  @Column({ name: 'next_attempt_at', type: 'timestamptz', nullable: true })
  nextAttemptAt!: Date | null;

  @Column({ name: 'attempt_started_at', type: 'timestamptz', nullable: true })
  attemptStartedAt!: Date | null;

  /** As that of a cursor. */
  @Column({ name: 'retry_requested', type: 'boolean', default: false })
  retryRequested!: boolean;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
