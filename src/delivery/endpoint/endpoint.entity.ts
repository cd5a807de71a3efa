import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { EventType } from '../../event/event.types';
import type { EventFilter } from '../filter/event-filter';
import type { EndpointStatus, Ordering } from './endpoint.types';

@Entity('endpoints')
@Index('endpoints_headers_key_idx', { synchronize: false })
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

  /** An object of header names and values as JSON, encrypted; null: none. */
  @Column({ type: 'text', nullable: true })
  headers!: string | null;

  /** In lower case. Kept beside the headers, so that they can be shown without their keys. */
  @Column({ name: 'header_names', type: 'text', array: true, default: [] })
  headerNames!: string[];

  /** Null: every event of its types and mailboxes. */
  @Column({ type: 'json', nullable: true })
  filter!: EventFilter | null;

  /** Attempts a second; null: unlimited. */
  @Column({ name: 'rate_limit', type: 'double precision', nullable: true })
  rateLimit!: number | null;

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

/** Since when permits of an endpoint with a rate limit have gathered. Read and written by `take_delivery_permits`. */
@Entity('endpoint_permits')
export class EndpointPermitsEntity {
  @ForeignKey('endpoints', { name: 'endpoint_permits_endpoint_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'endpoint_id', type: 'text', primaryKeyConstraintName: 'endpoint_permits_pkey' })
  endpointId!: string;

  @Column({ name: 'free_from', type: 'timestamptz' })
  freeFrom!: Date;
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
