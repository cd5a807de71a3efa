import type { LocalGoogle } from '../../../src/local-google/local-google';
import { type ChangeKind, trueChanges } from '../../../src/local-google/mailbox/history-record';
import type { EventMessage } from '../api-types';

const TYPE_OF: Record<ChangeKind, string> = {
  messageAdded: 'message.added',
  messageDeleted: 'message.deleted',
  labelAdded: 'message.labels_added',
  labelRemoved: 'message.labels_removed',
};

export interface ReceivedEvent {
  id: string;
  type: string;
  /** Null in what is of an endpoint, and of no mailbox. */
  sequence: number | null;
  mailbox: { id: string; emailAddress: string } | null;
  data: {
    historyId?: string;
    messageId?: string;
    changedLabelIds?: string[];
    message?: EventMessage | null;
    reason?: string;
  };
}

/** What is to be said of one event; `latencyMs` is undefined for one that reports no change in Gmail. */
export interface Verdict {
  latencyMs: number | undefined;
  doubled: boolean;
  outOfOrder: boolean;
}

type MailboxEvent = ReceivedEvent & { sequence: number; mailbox: { id: string; emailAddress: string } };

function isOfMailbox(event: ReceivedEvent): event is MailboxEvent {
  return event.mailbox !== null && event.sequence !== null;
}

interface Made {
  at: number;
  /** Which change of its mailbox, counted from 1. */
  nth: number;
}

/** Compares what happened in the local Google's mailboxes with what a receiver got: nothing lost, doubled or out of order. */
export class ChangeLedger {
  made = 0;
  received = 0;
  doubled = 0;
  outOfOrder = 0;
  /** Milliseconds from the change to its webhook. */
  readonly latencies: number[] = [];
  private readonly outstanding = new Map<string, Made>();
  private readonly madeIn = new Map<string, number>();
  private readonly lastNth = new Map<string, number>();
  private readonly lastSequence = new Map<string, number>();
  private readonly seen = new Set<string>();
  /** The changes of which there was an event. */
  private readonly settled = new Set<string>();

  constructor(private readonly google: LocalGoogle) {}

  /** Made, and not received yet. */
  get missing(): number {
    return this.outstanding.size;
  }

  get faultless(): boolean {
    return this.missing + this.doubled + this.outOfOrder === 0;
  }

  /** Makes a change in a mailbox, and notes what it truly changed. */
  make(address: string, change: () => unknown): void {
    const { records } = this.google.mailbox(address);
    const before = records.length;
    const at = performance.now();
    change();
    for (const { kind, historyId, messageId } of trueChanges(records.slice(before))) {
      const nth = (this.madeIn.get(address) ?? 0) + 1;
      this.madeIn.set(address, nth);
      this.outstanding.set(keyOf(address, TYPE_OF[kind], historyId, messageId), { at, nth });
      this.made += 1;
    }
  }

  receive(event: ReceivedEvent): Verdict {
    const at = performance.now();
    if (this.seen.has(event.id)) {
      this.doubled += 1;
      return { latencyMs: undefined, doubled: true, outOfOrder: false };
    }
    this.seen.add(event.id);
    this.received += 1;
    if (!isOfMailbox(event)) return { latencyMs: undefined, doubled: false, outOfOrder: false };
    const inSequence = this.follows(event);
    if (!event.type.startsWith('message.'))
      return this.verdictOf(inSequence, { latencyMs: undefined, doubled: false });
    return this.settle(event, inSequence, at);
  }

  private settle(event: MailboxEvent, inSequence: boolean, at: number): Verdict {
    const { mailbox } = event;
    const key = keyOf(mailbox.emailAddress, event.type, event.data.historyId, event.data.messageId);
    const made = this.outstanding.get(key);
    if (!made && !this.settled.has(key) && this.wasMadeByOthers(event)) {
      this.settled.add(key);
      return this.verdictOf(inSequence, { latencyMs: undefined, doubled: false });
    }
    this.settled.add(key);
    if (!made) {
      // Another event for a change that was reported already.
      this.doubled += 1;
      return this.verdictOf(inSequence, { latencyMs: undefined, doubled: true });
    }
    this.outstanding.delete(key);
    const latencyMs = at - made.at;
    this.latencies.push(latencyMs);
    const inOrder = made.nth === (this.lastNth.get(mailbox.id) ?? 0) + 1;
    this.lastNth.set(mailbox.id, made.nth);
    return this.verdictOf(inSequence && inOrder, { latencyMs, doubled: false });
  }

  /** A change that was not made here and is true nevertheless: somebody sends mail from the page of the local Google. */
  private wasMadeByOthers({ type, mailbox, data }: MailboxEvent): boolean {
    if (!this.google.accounts().includes(mailbox.emailAddress)) return false;
    return trueChanges(this.google.mailbox(mailbox.emailAddress).records).some(
      ({ kind, historyId, messageId }) =>
        TYPE_OF[kind] === type && historyId === data.historyId && messageId === data.messageId,
    );
  }

  private verdictOf(inOrder: boolean, rest: Omit<Verdict, 'outOfOrder'>): Verdict {
    if (!inOrder) this.outOfOrder += 1;
    return { ...rest, outOfOrder: !inOrder };
  }

  /** A mailbox that is known from an earlier run begins with any sequence, and goes on without holes. */
  private follows({ mailbox, sequence }: MailboxEvent): boolean {
    const last = this.lastSequence.get(mailbox.id);
    this.lastSequence.set(mailbox.id, sequence);
    return last === undefined || sequence === last + 1;
  }
}

function keyOf(address: string, type: string, historyId?: string, messageId?: string): string {
  return [address, type, historyId, messageId].join(' ');
}
