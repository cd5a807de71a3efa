import type { LocalGoogle } from '../../src/local-google/local-google';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import type { ConnectedMailbox } from './connected-mailbox';
import type { Tally } from './tally';

/** What administrators do: accounts get new addresses, those that others had, or each other's. Nothing announces it. */
export class Renames {
  /** Addresses that were left, and that nobody has. */
  private readonly free = new Set<string>();
  private readonly swapped: (readonly [ConnectedMailbox, ConnectedMailbox])[] = [];
  private made = 0;

  constructor(
    private readonly google: LocalGoogle,
    private readonly mailboxes: readonly ConnectedMailbox[],
    private readonly random: SeededRandom,
    private readonly tally: Tally,
  ) {}

  /** The next rename. */
  act(): void {
    const { random } = this;
    const one = random.pick(this.mailboxes);
    const other = random.pick(this.mailboxes);
    const lot = random.between(1, 10);
    if (lot <= 4) this.rename(one, this.newAddress(), 'an account gets a new address');
    else if (lot <= 6) this.handOn(one, other);
    else if (lot <= 9) this.swap(one, other);
    else this.swapBack();
  }

  /** The other one gets the address that this one leaves, at once or some time later. */
  private handOn(one: ConnectedMailbox, other: ConnectedMailbox): void {
    const left = one.emailAddress;
    this.rename(one, this.newAddress(), 'an account gets a new address');
    const address = this.random.chance(0.5) ? left : this.random.pick([...this.free]);
    this.rename(other, address, 'an account gets an address that was left');
  }

  private swap(one: ConnectedMailbox, other: ConnectedMailbox): void {
    if (one === other) return;
    this.google.swapAccounts(one.emailAddress, other.emailAddress);
    for (const mailbox of [one, other]) mailbox.noteAddress();
    this.tally.add('two accounts swap their addresses');
    this.swapped.push([one, other]);
  }

  private swapBack(): void {
    const last = this.swapped.pop();
    if (last) this.swap(...last);
  }

  private rename(mailbox: ConnectedMailbox, to: string, what: string): void {
    this.free.delete(to);
    this.free.add(mailbox.emailAddress);
    this.google.renameAccount(mailbox.emailAddress, to);
    mailbox.noteAddress();
    this.tally.add(what);
  }

  private newAddress(): string {
    return `renamed-${++this.made}@chaos.example`;
  }
}
