import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { EventType } from '../../event/event.types';
import type { EndpointStatus, Ordering } from './endpoint.types';

@Entity('endpoints')
export class EndpointEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'endpoints_pkey' })
  id!: string;

  @Column({ type: 'text' })
  url!: string;

  /** Empty: all. */
  @Column({ name: 'event_types', type: 'text', array: true })
  eventTypes!: EventType[];

  /** Empty: all. */
  @Column({ name: 'mailbox_ids', type: 'text', array: true })
  mailboxIds!: string[];

  @Column({ type: 'text' })
  ordering!: Ordering;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'text', default: 'enabled' })
  status!: EndpointStatus;

  @Column({ name: 'disabled_reason', type: 'text', nullable: true })
  disabledReason!: string | null;

  /** When it failed for the first time after its last success; null while it does well. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  /** Counts the changes, so that a delivery under way notices that it works from an outdated endpoint. */
  @Column({ type: 'integer', default: 1 })
  revision!: number;

  /** Counts the changes of `mailboxIds`: cursors of an earlier epoch are as good as absent. */
  @Column({ type: 'integer', default: 1 })
  epoch!: number;

  /**
   * The point of the log from which its subscription holds, while appends may be under way that have not seen it. Null once
   * there are none.
   */
  @Column({ name: 'subscribed_from', type: 'text', nullable: true })
  subscribedFrom!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}

/** A signing secret, encrypted. An endpoint has one that does not expire, and during rotations those before it. */
@Entity('endpoint_secrets')
@Index('endpoint_secrets_secret_key_idx', { synchronize: false })
export class EndpointSecretEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    primaryKeyConstraintName: 'endpoint_secrets_pkey',
    generatedIdentity: 'ALWAYS',
  })
  id!: string;

  @Index('endpoint_secrets_endpoint_id_idx')
  @ForeignKey('endpoints', { name: 'endpoint_secrets_endpoint_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'endpoint_id', type: 'text' })
  endpointId!: string;

  @Column({ type: 'text' })
  secret!: string;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
