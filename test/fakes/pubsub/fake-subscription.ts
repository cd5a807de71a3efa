import { randomUUID } from 'node:crypto';

export interface PublishedMessage {
  messageId: string;
  data: Buffer;
  attributes: Record<string, string>;
  orderingKey: string;
  publishTime: { seconds: number; nanos: number };
}

export interface ReceivedMessage {
  ackId: string;
  message: PublishedMessage;
  deliveryAttempt: number;
}

/** One that reads: takes so many messages at once, each for so long. */
export interface Reader {
  maxMessages: number;
  leaseMs: number;
  held: Set<string>;
  send: (messages: ReceivedMessage[]) => void;
}

interface Lease {
  message: PublishedMessage;
  reader: Reader;
  endsAt: number;
}

/** How the worst subscription behaves. */
export interface SubscriptionSwitches {
  /** Each message is sent so many times more than it should be. */
  duplicates: number;
  /** So many calls of Acknowledge are answered and forgotten. */
  lostAcks: number;
}

/** What waits, what is leased to whom, and what comes again. */
export class FakeSubscription {
  readonly switches: SubscriptionSwitches = { duplicates: 0, lostAcks: 0 };
  readonly acknowledged: PublishedMessage[] = [];
  readonly readers = new Set<Reader>();
  /** How often each message was sent. */
  readonly attempts = new Map<string, number>();
  private readonly leases = new Map<string, Lease>();
  private waiting: PublishedMessage[] = [];

  constructor(readonly name: string) {}

  /** Messages that are not acknowledged, leased or not. */
  get outstanding(): number {
    return (
      this.waiting.length + new Set([...this.leases.values()].map(({ message }) => message.messageId)).size
    );
  }

  publish(message: PublishedMessage): void {
    for (let copy = 0; copy <= this.switches.duplicates; copy++) this.waiting.push(message);
    this.dispatch();
  }

  addReader(reader: Reader): void {
    this.readers.add(reader);
    this.dispatch();
  }

  /** Its leases go on: what it held comes again when they have ended. */
  removeReader(reader: Reader): void {
    this.readers.delete(reader);
  }

  acknowledge(ackIds: readonly string[]): void {
    if (this.switches.lostAcks > 0) {
      this.switches.lostAcks--;
      return;
    }
    for (const ackId of ackIds) {
      const message = this.release(ackId);
      if (!message) continue;
      this.acknowledged.push(message);
      this.waiting = this.waiting.filter(({ messageId }) => messageId !== message.messageId);
    }
    this.dispatch();
  }

  /** @param leaseMs 0 gives the message back */
  extend(ackIds: readonly string[], leaseMs: number): void {
    for (const ackId of ackIds) {
      const lease = this.leases.get(ackId);
      if (lease && leaseMs > 0) lease.endsAt = Date.now() + leaseMs;
      else if (lease) this.waiting.push(this.release(ackId)!);
    }
    this.dispatch();
  }

  /** What is not acknowledged in time comes again. */
  expireLeases(now = Date.now()): void {
    for (const [ackId, { endsAt }] of this.leases) if (endsAt <= now) this.waiting.push(this.release(ackId)!);
    this.dispatch();
  }

  private release(ackId: string): PublishedMessage | undefined {
    const lease = this.leases.get(ackId);
    this.leases.delete(ackId);
    lease?.reader.held.delete(ackId);
    return lease?.message;
  }

  private dispatch(): void {
    for (const reader of [...this.readers]) {
      const free = reader.maxMessages - reader.held.size;
      const messages = this.waiting
        .splice(0, Math.max(0, free))
        .map((message) => this.lease(message, reader));
      if (messages.length === 0) continue;
      reader.send(messages);
      // The others have their turn.
      this.readers.delete(reader);
      this.readers.add(reader);
    }
  }

  private lease(message: PublishedMessage, reader: Reader): ReceivedMessage {
    const ackId = randomUUID();
    const attempt = (this.attempts.get(message.messageId) ?? 0) + 1;
    this.attempts.set(message.messageId, attempt);
    this.leases.set(ackId, { message, reader, endsAt: Date.now() + reader.leaseMs });
    reader.held.add(ackId);
    return { ackId, message, deliveryAttempt: attempt };
  }
}
