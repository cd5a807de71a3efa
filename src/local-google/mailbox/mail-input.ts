import type { GoogleClock } from '../clock';
import { corpusMail } from '../corpus';
import { composeMail, type MailFields } from '../mail/compose-mail';
import type { SeededRandom } from '../seeded-random';
import type { Mailbox } from './mailbox';
import { referencesIn, StoredMessage } from './stored-message';

/** A mail to put into a mailbox: as bytes, by its name in the corpus, or by its fields. */
export interface MailInput extends MailFields {
  raw?: Buffer | string;
  labelIds?: readonly string[];
  threadId?: string;
  messageId?: string;
  /** Epoch ms; now by default. */
  internalDate?: number;
}

/** Makes messages of mails: 64-bit hex ids, replies joining the thread of what they answer. */
export class MessageFactory {
  private lastId = 0n;

  constructor(
    private readonly clock: GoogleClock,
    private readonly random: SeededRandom,
  ) {}

  /** 16 hex digits that grow with time, as Gmail's message and thread ids: milliseconds, and 20 bits more. */
  newId(): string {
    const now = (BigInt(this.clock.now()) << 20n) | BigInt(`0x${this.random.hex(5)}`);
    this.lastId = now > this.lastId ? now : this.lastId + 1n;
    return this.lastId.toString(16);
  }

  /** So many messages from before anybody watched, a minute apart, the last one just now. They share their content. */
  *old(
    mailbox: Mailbox,
    count: number,
    labelsOf: (n: number) => readonly string[],
  ): Generator<StoredMessage> {
    const now = this.clock.now();
    const raw = rawOf({ subject: 'Old mail', text: 'As it was.' }, mailbox.address, now);
    const first = BigInt(now - count * 60_000) << 20n;
    for (let n = 0; n < count; n += 1) {
      const id = (first + BigInt(n)).toString(16);
      yield new StoredMessage(id, id, raw, now - (count - n) * 60_000, labelsOf(n));
    }
  }

  create(mailbox: Mailbox, input: MailInput): StoredMessage {
    const internalDate = input.internalDate ?? this.clock.now();
    const raw = rawOf(input, mailbox.address, internalDate);
    const id = input.messageId ?? this.newId();
    const threadId = input.threadId ?? threadOf(mailbox, raw) ?? id;
    const [own] = referencesIn(raw, ['message-id']);
    if (own !== undefined) mailbox.threads.set(own, threadId);
    return new StoredMessage(id, threadId, raw, internalDate, input.labelIds ?? ['UNREAD', 'INBOX']);
  }
}

function rawOf(input: MailInput, recipient: string, at: number): Buffer {
  if (typeof input.raw === 'string') return corpusMail(input.raw);
  return input.raw ?? composeMail({ date: new Date(at), ...input }, recipient);
}

function threadOf(mailbox: Mailbox, raw: Buffer): string | undefined {
  const answered = referencesIn(raw, ['in-reply-to', 'references']);
  return answered.map((id) => mailbox.threads.get(id)).find((thread) => thread !== undefined);
}
