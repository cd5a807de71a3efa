import type { GoogleClock } from './clock';
import type { Faults } from './faults';
import type { Quota } from './gmail/quota';
import type { GoogleState } from './google-state';
import type { KeyRing } from './keys/key-ring';
import { trueChanges, type HistoryRecord, type TrueChange } from './mailbox/history-record';
import type { AccountOptions } from './mailbox/mailbox-book';
import type { Mailbox } from './mailbox/mailbox';
import type { MailInput } from './mailbox/mail-input';
import type { LabelChange } from './mailbox/record-changes';
import type { StoredMessage } from './mailbox/stored-message';
import type { Topics } from './pubsub/topics';
import type { RequestLog } from './request-log';
import type { Switches } from './switches';

export interface Placed {
  id: string;
  threadId: string;
  historyId: string;
}

/** Several changes in one history record; added mails may be named in the others by a preset `messageId`. */
export interface RecordInput {
  added?: readonly MailInput[];
  labelsAdded?: readonly LabelChange[];
  labelsRemoved?: readonly LabelChange[];
  deleted?: readonly string[];
}

/** What the users do: mail arrives, is read, labelled, thrown away. */
export class LocalMailboxes {
  constructor(protected readonly state: GoogleState) {}

  get clock(): GoogleClock {
    return this.state.clock;
  }

  get switches(): Switches {
    return this.state.switches;
  }

  get faults(): Faults {
    return this.state.faults;
  }

  get requests(): RequestLog {
    return this.state.log;
  }

  get quota(): Quota {
    return this.state.quota;
  }

  get keys(): KeyRing {
    return this.state.keys;
  }

  get topics(): Topics {
    return this.state.topics;
  }

  addAccount(address: string, options: AccountOptions = {}): Mailbox {
    return this.state.mailboxes.add(address, options);
  }

  /** An administrator renames the account: its mailbox, grant and `sub` stay. */
  renameAccount(address: string, to: string): void {
    this.state.mailboxes.rename(address, to);
    this.state.grants.rename(address, to);
  }

  /** Two accounts get each other's address. */
  swapAccounts(one: string, other: string): void {
    this.renameAccount(one, `between-${one}`);
    this.renameAccount(other, one);
    this.renameAccount(`between-${one}`, other);
  }

  /** The account is gone, and its tokens with it. */
  deleteAccount(address: string): void {
    this.state.mailboxes.remove(address);
    this.state.grants.killAccessTokens(address);
    this.state.grants.revoke(address);
  }

  accounts(): string[] {
    return this.state.mailboxes.all().map((mailbox) => mailbox.address);
  }

  mailbox(address: string): Mailbox {
    return this.state.mailboxes.get(address);
  }

  newMessageId(): string {
    return this.state.messages.newId();
  }

  deliver(address: string, input: MailInput = {}): Placed {
    const mailbox = this.mailbox(address);
    const message = this.state.messages.create(mailbox, input);
    return placed(message, this.state.editor.record(mailbox, { added: [message] }));
  }

  /** Fills the mailbox with mail of years, which no history record names. */
  fill(address: string, count: number, labelsOf: (n: number) => readonly string[]): void {
    const mailbox = this.mailbox(address);
    for (const message of this.state.messages.old(mailbox, count, labelsOf))
      mailbox.messages.set(message.id, message);
  }

  /** Answers a message within the mailbox. */
  reply(address: string, messageId: string, input: MailInput = {}): Placed {
    const answered = this.message(address, messageId).rfc822MessageId ?? undefined;
    return this.deliver(address, {
      inReplyTo: answered,
      references: answered,
      subject: 'Re: Hello',
      ...input,
    });
  }

  /** Writes a draft, or saves it again: under another message id each time, and the one before is deleted. */
  saveDraft(address: string, input: MailInput = {}, previousId?: string): Placed {
    const draft = this.deliver(address, { ...input, labelIds: ['DRAFT'] });
    if (previousId !== undefined) this.delete(address, previousId);
    return draft;
  }

  /** Sends a draft: as the same message, or as another one in its place. */
  sendDraft(address: string, messageId: string, { keepId = false, labelIds = ['SENT'] } = {}): Placed {
    const draft = this.message(address, messageId);
    if (!keepId) {
      const { raw, threadId } = draft;
      const sent = this.state.messages.create(this.mailbox(address), { raw, threadId, labelIds });
      const record = { added: [sent], deleted: [messageId] };
      return placed(sent, this.state.editor.record(this.mailbox(address), record));
    }
    const record = this.state.editor.relabel(this.mailbox(address), draft, labelIds, ['DRAFT'])!;
    return placed(draft, record);
  }

  /** Returns the history id, or null when nothing changed. */
  modify(
    address: string,
    messageId: string,
    { addLabelIds = [], removeLabelIds = [] }: { addLabelIds?: string[]; removeLabelIds?: string[] },
  ): string | null {
    const message = this.message(address, messageId);
    const record = this.state.editor.relabel(this.mailbox(address), message, addLabelIds, removeLabelIds);
    return record === null ? null : String(record.id);
  }

  trash(address: string, messageId: string): string | null {
    return this.modify(address, messageId, { addLabelIds: ['TRASH'], removeLabelIds: ['INBOX'] });
  }

  delete(address: string, messageId: string): string {
    return String(this.state.editor.record(this.mailbox(address), { deleted: [messageId] }).id);
  }

  record(address: string, input: RecordInput): { historyId: string; added: Placed[] } {
    const mailbox = this.mailbox(address);
    const added = (input.added ?? []).map((mail) => this.state.messages.create(mailbox, mail));
    const record = this.state.editor.record(mailbox, { ...input, added });
    return { historyId: String(record.id), added: added.map((message) => placed(message, record)) };
  }

  /** The truth that an event log is compared with: every change since the account was added, in order. */
  changes(address: string): TrueChange[] {
    return trueChanges(this.mailbox(address).records);
  }

  historyId(address: string): string {
    return String(this.mailbox(address).historyId);
  }

  /** The message is gone with no record of it; reading it answers 404. */
  vanish(address: string, messageId: string): void {
    this.mailbox(address).messages.delete(messageId);
  }

  /** The label goes from the mailbox and from its messages, one record each. */
  deleteLabel(address: string, labelId: string): void {
    const mailbox = this.mailbox(address);
    for (const message of mailbox.messages.values())
      this.state.editor.relabel(mailbox, message, [], [labelId]);
    mailbox.labels.remove(labelId);
  }

  /** The history id moves on, and is notified, with nothing in the history. */
  silentChange(address: string): string {
    const mailbox = this.mailbox(address);
    mailbox.advance();
    this.state.notifications.send(mailbox);
    return String(mailbox.historyId);
  }

  /** Every history id known so far is answered by 404. */
  expireHistory(address: string): void {
    this.mailbox(address).expireHistory();
  }

  /** The mailbox was quiet for so long that its newest id is answered 404. */
  outlastHistory(address: string): void {
    this.mailbox(address).outlastHistory();
  }

  /** For a time or a number of calls, history is answered as it is now, whatever is notified. */
  lagHistory(address: string, { calls = Infinity, ms = Infinity }: { calls?: number; ms?: number }): void {
    const mailbox = this.mailbox(address);
    mailbox.lag = { until: mailbox.historyId, callsLeft: calls, endsAt: Date.now() + ms };
  }

  mailServiceNotEnabled(address: string, off = true): void {
    this.mailbox(address).mailServiceEnabled = !off;
  }

  /** Publishes the mailbox's present state to its topic, whatever the watch filter says. */
  notify(address: string): void {
    this.state.notifications.send(this.mailbox(address));
  }

  unitsUsed(address: string): number {
    return this.requests.unitsUsed(address);
  }

  private message(address: string, id: string): StoredMessage {
    const message = this.mailbox(address).messages.get(id);
    if (message === undefined) throw new Error(`${address} has no message ${id}`);
    return message;
  }
}

function placed(message: StoredMessage, record: HistoryRecord): Placed {
  return { id: message.id, threadId: message.threadId, historyId: String(record.id) };
}
