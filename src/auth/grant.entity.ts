import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** The tokens of a mailbox. Both are ciphertexts of the keyring, bound to the mailbox id. */
@Entity('grants')
@Index('grants_refresh_token_key_idx', { synchronize: false })
@Index('grants_access_token_key_idx', { synchronize: false })
export class GrantEntity {
  @ForeignKey('mailboxes', { name: 'grants_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'grants_pkey' })
  mailboxId!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  /** Null where the service account acts for the mailbox: its access tokens come by delegation. */
  @Column({ name: 'refresh_token', type: 'text', nullable: true })
  refreshToken!: string | null;

  @Column({ name: 'access_token', type: 'text', nullable: true })
  accessToken!: string | null;

  @Column({ name: 'access_token_expires_at', type: 'timestamptz', nullable: true })
  accessTokenExpiresAt!: Date | null;

  /** Another one for each set of tokens: what was found out with the tokens before does not count for these. */
  @Column({ type: 'text', default: '' })
  version!: string;

  /** When the owner consented; null where that was before this was kept. */
  @Column({ name: 'granted_at', type: 'timestamptz', nullable: true })
  grantedAt!: Date | null;

  /** When the access token was issued. */
  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}
