import type { Mailbox } from '../../src/local-google/mailbox/mailbox';

export type MailboxKind = 'plain' | 'inbox' | 'forgetful';

/** A mailbox of the run, and the Google account that it stands for. */
export class ConnectedMailbox {
  /** Every address that the account has had, the present one last. */
  readonly addresses: string[];

  constructor(
    readonly id: string,
    readonly kind: MailboxKind,
    private readonly account: Mailbox,
  ) {
    this.addresses = [account.address];
  }

  /** The address that the account has now. */
  get emailAddress(): string {
    return this.account.address;
  }

  /** Call after each rename of the account. */
  noteAddress(): void {
    this.addresses.push(this.emailAddress);
  }
}
