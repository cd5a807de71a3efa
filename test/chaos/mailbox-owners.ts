import type { LocalGoogle } from '../../src/local-google/local-google';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import type { ConnectedMailbox } from './connected-mailbox';

const LABELS = ['INBOX', 'UNREAD', 'STARRED', 'IMPORTANT'];
/** More than a batch request holds. */
const FLOOD_MESSAGES = 60;

/** What the owners of the mailboxes, and those who write to them, do: anything, at any moment. */
export class MailboxOwners {
  constructor(
    private readonly google: LocalGoogle,
    private readonly mailboxes: readonly ConnectedMailbox[],
    private readonly random: SeededRandom,
  ) {}

  /** The next thing that happens somewhere. */
  act(): void {
    const { google, random } = this;
    const { emailAddress: address } = random.pick(this.mailboxes);
    const lot = random.between(1, 100);
    if (lot <= 40) google.deliver(address, { labelIds: this.someLabels() });
    else if (lot <= 75) this.relabel(address);
    else if (lot <= 88) this.delete(address);
    else if (lot <= 94) this.severalInOneRecord(address);
    else if (lot <= 97) google.silentChange(address);
    else if (lot <= 99) google.trash(address, this.message(address) ?? google.deliver(address).id);
    else for (let i = 0; i < FLOOD_MESSAGES; i++) google.deliver(address);
  }

  private relabel(address: string): void {
    const id = this.message(address);
    if (id === undefined) return;
    const change = { addLabelIds: this.someLabels(), removeLabelIds: this.someLabels() };
    this.google.modify(address, id, change);
  }

  private delete(address: string): void {
    const id = this.message(address);
    if (id !== undefined) this.google.delete(address, id);
  }

  private severalInOneRecord(address: string): void {
    const [gone, changed] = [this.message(address), this.message(address)];
    if (gone === undefined || changed === undefined || gone === changed) return;
    const labelsAdded = [{ id: changed, labelIds: this.someLabels() }];
    this.google.record(address, { added: [{ labelIds: this.someLabels() }], labelsAdded, deleted: [gone] });
  }

  private message(address: string): string | undefined {
    const ids = [...this.google.mailbox(address).messages.keys()];
    return ids.length === 0 ? undefined : this.random.pick(ids);
  }

  private someLabels(): string[] {
    const some = LABELS.filter(() => this.random.chance(0.4));
    return some.length === 0 ? [this.random.pick(LABELS)] : some;
  }
}
