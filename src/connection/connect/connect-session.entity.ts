import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { LastError } from '../../common/last-error';
import type { LabelFilterBehavior } from '../../config/settings';
import type { CallbackOutcome } from './connect-session.types';

/** A one-time link. Its token and state are kept as hashes to be found by; what the redirect needs, as ciphertexts. */
@Entity('connect_sessions')
@Unique('connect_sessions_token_hash_key', ['tokenHash'])
@Unique('connect_sessions_state_hash_key', ['stateHash'])
export class ConnectSessionEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'connect_sessions_pkey' })
  id!: string;

  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ name: 'state_hash', type: 'bytea' })
  stateHash!: Buffer;

  /** Encrypted, bound to the session's id; so is the code verifier. */
  @Column({ type: 'text' })
  state!: string;

  @Column({ name: 'code_verifier', type: 'text' })
  codeVerifier!: string;

  @Column({ name: 'redirect_url', type: 'text', nullable: true })
  redirectUrl!: string | null;

  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  @Column({ name: 'login_hint', type: 'text', nullable: true })
  loginHint!: string | null;

  @Column({ name: 'mailbox_id', type: 'text', nullable: true })
  mailboxId!: string | null;

  @Column({ name: 'expected_email_address', type: 'text', nullable: true })
  expectedEmailAddress!: string | null;

  @Column({ name: 'label_ids', type: 'text', array: true, nullable: true })
  labelIds!: string[] | null;

  @Column({ name: 'label_filter_behavior', type: 'text', nullable: true })
  labelFilterBehavior!: LabelFilterBehavior | null;

  @Column({ name: 'backfill_since', type: 'timestamptz', nullable: true })
  backfillSince!: Date | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  /** The callback that is exchanging its code. */
  @Column({ name: 'claimed_by', type: 'text', nullable: true })
  claimedBy!: string | null;

  /** Until then one callback is exchanging its code, and another one has to stay away. */
  @Column({ name: 'claimed_until', type: 'timestamptz', nullable: true })
  claimedUntil!: Date | null;

  @Column({ name: 'completed_at', type: 'timestamptz', nullable: true })
  completedAt!: Date | null;

  /** How each callback ended, by the hash of its code: whoever requests it again gets the same answer. */
  @Column({ type: 'jsonb', default: {} })
  outcomes!: Record<string, CallbackOutcome>;

  /** How the last try that failed did so, whether it came with a code or not. */
  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
