import type { GoogleClock } from '../clock';
import type { SeededRandom } from '../seeded-random';
import { Mailbox } from './mailbox';

export interface AccountOptions {
  /** Names of the user's own labels; they get `Label_1`, `Label_2`, … */
  labels?: readonly string[];
  /** The spelling in notifications, when it differs from the profile's. */
  pushAs?: string;
  historyStart?: bigint | string;
}

/** All mailboxes of the local Google. */
export class MailboxBook {
  private readonly mailboxes = new Map<string, Mailbox>();

  constructor(
    private readonly clock: GoogleClock,
    private readonly random: SeededRandom,
  ) {}

  add(address: string, options: AccountOptions = {}): Mailbox {
    if (this.find(address) !== null) throw new Error(`${address} has an account already`);
    const mailbox = new Mailbox({
      address,
      pushAs: options.pushAs,
      subject: `1${Array.from({ length: 20 }, () => this.random.between(0, 9)).join('')}`,
      historyStart: BigInt(options.historyStart ?? this.firstHistoryId()),
      step: () => BigInt(this.random.between(1, 60)),
      now: () => this.clock.now(),
    });
    options.labels?.forEach((name) => mailbox.labels.add(name));
    this.mailboxes.set(mailbox.key, mailbox);
    return mailbox;
  }

  find(address: string): Mailbox | null {
    return this.mailboxes.get(address.toLowerCase()) ?? null;
  }

  get(address: string): Mailbox {
    const mailbox = this.find(address);
    if (mailbox === null) throw new Error(`${address} has no account`);
    return mailbox;
  }

  /** The account keeps its mailbox and gets another address. */
  rename(address: string, to: string): void {
    const mailbox = this.get(address);
    if (this.find(to) !== null) throw new Error(`${to} has an account already`);
    this.mailboxes.delete(mailbox.key);
    mailbox.rename(to);
    this.mailboxes.set(mailbox.key, mailbox);
  }

  remove(address: string): void {
    this.mailboxes.delete(this.get(address).key);
  }

  all(): Mailbox[] {
    return [...this.mailboxes.values()];
  }

  /** Odd and above 2^53, where a JavaScript number can hold even values only. */
  private firstHistoryId(): bigint {
    const apart = BigInt(this.mailboxes.size + 1) * 100_000_000_000n;
    return 2n ** 53n + apart + BigInt(this.random.between(0, 49_999_999)) * 2n + 1n;
  }
}
