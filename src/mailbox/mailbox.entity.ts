import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { GrantKind, MailboxStatus } from './mailbox.types';

@Entity('mailboxes')
@Index('mailboxes_google_account_id_idx', ['googleAccountId'], {
  unique: true,
  where: 'google_account_id IS NOT NULL',
})
@Index('mailboxes_status_idx', ['status', 'id'])
@Index('mailboxes_live_address_idx', ['emailAddress'], {
  unique: true,
  where: "holds_address AND status <> 'disconnected'",
})
@Index('mailboxes_displaced_idx', ['id'], { where: "NOT holds_address AND status <> 'disconnected'" })
export class MailboxEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'mailboxes_pkey' })
  id!: string;

  /** The account, as `sub` of its ID tokens; null until a consent or a refresh has brought one. */
  @Column({ name: 'google_account_id', type: 'text', nullable: true })
  googleAccountId!: string | null;

  /** In lower case: Google writes the same address in different cases. Null once the mailbox is erased. */
  @Index('mailboxes_email_address_idx')
  @Column({ name: 'email_address', type: 'text', nullable: true })
  emailAddress!: string | null;

  /** Whether the address is still that of the account. Notifications under it belong to the mailbox that holds it. */
  @Column({ name: 'holds_address', type: 'boolean', default: true })
  holdsAddress!: boolean;

  @Index('mailboxes_external_id_idx')
  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  @Column({ type: 'text' })
  status!: MailboxStatus;

  /** By whose leave its mail is read, or was when it was connected last. */
  @Column({ name: 'grant_kind', type: 'text', default: 'consent' })
  grantKind!: GrantKind;

  /** Counts the moves from one status to another, connecting again while active included. */
  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
