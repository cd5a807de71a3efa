import type { LocalGoogle } from '../../src/local-google/local-google';
import { headerValue } from '../../src/local-google/mail/header-block';
import type { StoredMessage } from '../../src/local-google/mailbox/stored-message';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import type { ChangeLedger } from '../support/sync/change-ledger';
import { ANSWERS, mailNumber } from './mails';

/** One kind of change: how often it happens, to which messages, and what it does. */
interface ChangeKind {
  weight: number;
  /** Which messages it may happen to; undefined when it needs none. */
  fits: ((message: StoredMessage) => boolean) | undefined;
  changes: number;
  apply: (address: string, messageId: string) => unknown;
}

const has = (label: string) => (message: StoredMessage) => message.labelIds.has(label);

/** Makes what the owners of the mailboxes, and those who write to them, do: random changes that suit what is there. */
export class ChangeGenerator {
  private mails = 0;

  constructor(
    private readonly google: LocalGoogle,
    private readonly ledger: ChangeLedger,
    private readonly addresses: readonly string[],
    private readonly random: SeededRandom,
  ) {}

  /** The next change; it counts as so many at most. */
  next(atMost = Infinity): void {
    const address = this.oneOf(this.addresses);
    const messages = [...this.google.mailbox(address).messages.values()];
    const choices = this.kinds.flatMap(({ weight, fits, changes, apply }) => {
      const candidates = fits ? messages.filter(fits) : [undefined];
      return changes <= atMost && candidates.length > 0
        ? Array.from({ length: weight }, () => ({ candidates, apply }))
        : [];
    });
    const { candidates, apply } = this.oneOf(choices);
    const message = this.oneOf(candidates);
    this.ledger.make(address, () => apply(address, message?.id ?? ''));
  }

  private readonly kinds: ChangeKind[] = [
    {
      weight: 6,
      changes: 1,
      fits: undefined,
      apply: (address) => this.google.deliver(address, mailNumber(this.mails++)),
    },
    { weight: 3, changes: 1, fits: has('INBOX'), apply: (address, id) => this.answer(address, id) },
    {
      weight: 3,
      changes: 1,
      fits: has('UNREAD'),
      apply: (address, id) => this.unlabel(address, id, 'UNREAD'),
    },
    {
      weight: 1,
      changes: 1,
      fits: (message) => !has('STARRED')(message),
      apply: (address, id) => this.google.modify(address, id, { addLabelIds: ['STARRED'] }),
    },
    {
      weight: 1,
      changes: 1,
      fits: has('STARRED'),
      apply: (address, id) => this.unlabel(address, id, 'STARRED'),
    },
    { weight: 1, changes: 1, fits: has('INBOX'), apply: (address, id) => this.unlabel(address, id, 'INBOX') },
    { weight: 1, changes: 2, fits: has('INBOX'), apply: (address, id) => this.google.trash(address, id) },
    { weight: 3, changes: 1, fits: has('TRASH'), apply: (address, id) => this.google.delete(address, id) },
  ];

  private answer(address: string, id: string): void {
    const { headers } = this.google.mailbox(address).messages.get(id)!.mail;
    const subject = headerValue(headers, 'subject') ?? 'your mail';
    this.google.reply(address, id, {
      ...this.oneOf(ANSWERS),
      subject: `Re: ${subject.replace(/^Re: /, '')}`,
    });
  }

  private unlabel(address: string, id: string, label: string): void {
    this.google.modify(address, id, { removeLabelIds: [label] });
  }

  private oneOf<T>(choices: readonly T[]): T {
    return choices[this.random.between(0, choices.length - 1)]!;
  }
}
