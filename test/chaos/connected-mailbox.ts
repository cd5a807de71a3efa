import type { Mailbox } from '../../src/local-google/mailbox/mailbox';
import type { AskedBackfills } from '../support/sync/check-backfills';

export type MailboxKind = 'plain' | 'inbox' | 'forgetful';

/** A mailbox of the run, and the Google account that it stands for. */
export class ConnectedMailbox {
  /** Every address that the account has had since it was connected, the present one last. */
  readonly addresses: string[];
  /** Where its history was when it was connected: what happens from then on is live. */
  readonly connectedAt: bigint;

  /** What is asked for of it. */
  readonly backfills: AskedBackfills;

  /** @param since since when mail of before the connection is asked for */
  constructor(
    readonly id: string,
    readonly kind: MailboxKind,
    private readonly account: Mailbox,
    since: string,
  ) {
    this.backfills = { since, accepted: 0, unanswered: 0 };
    this.addresses = [account.address];
    this.connectedAt = account.historyId;
  }

  /** The address that the account has now. */
  get emailAddress(): string {
    return this.account.address;
  }

  /** The messages that the filter of the watch shows, and when they were received. */
  get held(): Map<string, number> {
    const messages = [...this.account.messages.values()];
    const shown = messages.filter(({ labelIds }) => this.kind !== 'inbox' || labelIds.has('INBOX'));
    return new Map(shown.map(({ id, internalDate }) => [id, internalDate]));
  }

  /** Call after each rename of the account. */
  noteAddress(): void {
    this.addresses.push(this.emailAddress);
  }
}
