import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One request that came with an `Idempotency-Key`, and its answer once there is one. */
@Entity('idempotency_keys')
@Index('idempotency_keys_body_key_idx', { synchronize: false })
@Index('idempotency_keys_mailbox_id_idx', ['mailboxId'], { where: 'mailbox_id IS NOT NULL' })
@Unique('idempotency_keys_caller_id_key_key', ['callerId', 'key'])
export class IdempotencyKeyEntity {
  /** Names the claim: who takes over from a dead process puts a new one. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  id!: string;

  /** The id of an API key, or `bootstrap`. */
  @Column({ name: 'caller_id', type: 'text' })
  callerId!: string;

  @Column({ type: 'text' })
  key!: string;

  @Column({ type: 'bytea' })
  fingerprint!: Buffer;

  /** The mailbox that the path names, if it names one. */
  @Column({ name: 'mailbox_id', type: 'text', nullable: true })
  mailboxId!: string | null;

  /** While there is no answer: until then a process is at it, which renews it. */
  @Column({ name: 'claimed_until', type: 'timestamptz' })
  claimedUntil!: Date;

  /** Null until it is answered. */
  @Column({ type: 'integer', nullable: true })
  status!: number | null;

  @Column({ name: 'content_type', type: 'text', nullable: true })
  contentType!: string | null;

  /** Encrypted, bound to the id: answers may show a secret. */
  @Column({ type: 'text', nullable: true })
  body!: string | null;

  @Index('idempotency_keys_created_at_idx')
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
