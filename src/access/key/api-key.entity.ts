import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from './scope';

/** An API key, of which only the digest is kept. A revoked one stays, to be seen. */
@Entity('api_keys')
@Unique('api_keys_digest_key', ['digest'])
export class ApiKeyEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'api_keys_pkey' })
  id!: string;

  @Column({ type: 'text' })
  name!: string;

  /** SHA-256. */
  @Column({ type: 'bytea' })
  digest!: Buffer;

  /** The last four characters, by which people recognise it. */
  @Column({ type: 'text' })
  hint!: string;

  @Column({ type: 'text', array: true })
  scopes!: Scope[];

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
