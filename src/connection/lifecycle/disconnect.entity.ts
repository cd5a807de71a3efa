import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { ClaimableColumns } from '../../background/claimable.columns';
import type { LastError } from '../../common/last-error';

/** The steps of a disconnect, in their order: the watch first, since the revoked grant could not stop it any more. */
export const DISCONNECT_STEPS = ['stop', 'revoke', 'erase'] as const;

/** `identify` comes before them where nobody asked for a disconnect: another account has the mailbox's address. */
export type DisconnectStep = 'identify' | (typeof DISCONNECT_STEPS)[number];

/** A disconnect that this replica has claimed. */
export interface ClaimedDisconnect {
  mailboxId: string;
  step: DisconnectStep;
  /** How often the step has failed in a row. */
  failures: number;
}

/** The step after this one; undefined after the last, and after `identify`, which ends by itself. */
export function stepAfter(step: DisconnectStep): DisconnectStep | undefined {
  if (step === 'identify') return undefined;
  return DISCONNECT_STEPS[DISCONNECT_STEPS.indexOf(step) + 1];
}

/** A disconnect that is asked for and not finished. */
@Entity('disconnects')
export class DisconnectEntity extends ClaimableColumns {
  @ForeignKey('mailboxes', { name: 'disconnects_mailbox_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'mailbox_id', type: 'text', primaryKeyConstraintName: 'disconnects_pkey' })
  mailboxId!: string;

  /** The step that is to be done next. */
  @Column({ type: 'text' })
  step!: DisconnectStep;

  @Column({ type: 'integer', default: 0 })
  failures!: number;

  @Column({ name: 'last_error', type: 'json', nullable: true })
  lastError!: LastError | null;

  @Column({ name: 'due_at', type: 'timestamptz', default: () => 'now()' })
  dueAt!: Date;
}
