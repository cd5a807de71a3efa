import type { LocalGoogle } from '../fakes/google/local-google';
import { headerValue } from '../fakes/google/mail/header-block';
import type { StoredMessage } from '../fakes/google/mailbox/stored-message';
import type { SeededRandom } from '../fakes/google/seeded-random';
import type { ChangeLedger } from '../support/sync/change-ledger';
import { ANSWERS, mailNumber } from './mails';

/** One thing that may happen in a mailbox: how often, to which messages, and what. */
interface Scene {
  weight: number;
  /** Which messages it may happen to; undefined when it needs none. */
  fits: ((message: StoredMessage) => boolean) | undefined;
  changes: number;
  play: (address: string, messageId: string) => unknown;
}

const has = (label: string) => (message: StoredMessage) => message.labelIds.has(label);

/** What the owners of the mailboxes, and those who write to them, do. */
export class Story {
  private mails = 0;

  constructor(
    private readonly google: LocalGoogle,
    private readonly ledger: ChangeLedger,
    private readonly addresses: readonly string[],
    private readonly random: SeededRandom,
  ) {}

  /** The next scene, of at most so many changes. */
  next(atMost = Infinity): void {
    const address = this.oneOf(this.addresses);
    const messages = [...this.google.mailbox(address).messages.values()];
    const choices = this.scenes.flatMap(({ weight, fits, changes, play }) => {
      const cast = fits ? messages.filter(fits) : [undefined];
      return changes <= atMost && cast.length > 0
        ? Array.from({ length: weight }, () => ({ cast, play }))
        : [];
    });
    const { cast, play } = this.oneOf(choices);
    const message = this.oneOf(cast);
    this.ledger.make(address, () => play(address, message?.id ?? ''));
  }

  private readonly scenes: Scene[] = [
    {
      weight: 6,
      changes: 1,
      fits: undefined,
      play: (address) => this.google.deliver(address, mailNumber(this.mails++)),
    },
    { weight: 3, changes: 1, fits: has('INBOX'), play: (address, id) => this.answer(address, id) },
    {
      weight: 3,
      changes: 1,
      fits: has('UNREAD'),
      play: (address, id) => this.unlabel(address, id, 'UNREAD'),
    },
    {
      weight: 1,
      changes: 1,
      fits: (message) => !has('STARRED')(message),
      play: (address, id) => this.google.modify(address, id, { addLabelIds: ['STARRED'] }),
    },
    {
      weight: 1,
      changes: 1,
      fits: has('STARRED'),
      play: (address, id) => this.unlabel(address, id, 'STARRED'),
    },
    { weight: 1, changes: 1, fits: has('INBOX'), play: (address, id) => this.unlabel(address, id, 'INBOX') },
    { weight: 1, changes: 2, fits: has('INBOX'), play: (address, id) => this.google.trash(address, id) },
    { weight: 3, changes: 1, fits: has('TRASH'), play: (address, id) => this.google.delete(address, id) },
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
