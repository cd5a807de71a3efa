import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { OwnChangeState } from './own-changes';

/** A change of labels that was asked for through the API, until history has shown it. Read and written in SQL by its store. */
@Entity('own_changes')
@Index('own_changes_message_idx', ['mailboxId', 'messageId'])
export class OwnChangeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    primaryKeyConstraintName: 'own_changes_pkey',
    generatedIdentity: 'ALWAYS',
  })
  id!: string;

  @ForeignKey('mailboxes', { name: 'own_changes_mailbox_id_fkey', onDelete: 'CASCADE' })
  @Column({ name: 'mailbox_id', type: 'text' })
  mailboxId!: string;

  @Column({ name: 'message_id', type: 'text' })
  messageId!: string;

  @Column({ name: 'add_label_ids', type: 'text', array: true })
  addLabelIds!: string[];

  @Column({ name: 'remove_label_ids', type: 'text', array: true })
  removeLabelIds!: string[];

  /** Where history was before Gmail was asked: the record of the change comes after it. */
  @Column({ name: 'after_history_id', type: 'bigint' })
  afterHistoryId!: string;

  /** Where history was when the answer was given up: the record of the change, if there is one, does not come after it. */
  @Column({ name: 'until_history_id', type: 'bigint', nullable: true })
  untilHistoryId!: string | null;

  @Column({ type: 'text', default: 'asked' })
  state!: OwnChangeState;

  /** By then Gmail has answered, or whoever asked it is dead. */
  @Column({ name: 'answered_by', type: 'timestamptz' })
  answeredBy!: Date;
}
