import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { MailboxStatus } from './mailbox.types';

@Entity('mailboxes')
@Unique('mailboxes_email_address_key', ['emailAddress'])
export class MailboxEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'mailboxes_pkey' })
  id!: string;

  /** In lower case: Google writes the same address in different cases. */
  @Column({ name: 'email_address', type: 'text' })
  emailAddress!: string;

  @Index('mailboxes_external_id_idx')
  @Column({ name: 'external_id', type: 'text', nullable: true })
  externalId!: string | null;

  @Column({ type: 'text' })
  status!: MailboxStatus;

  /** Counts the moves from one status to another, connecting again while active included. */
  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
