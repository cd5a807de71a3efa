import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { type ReceiverResponse, type Received, Receiver } from '../fakes/receiver/receiver';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import type { ApiClient } from '../support/api-client';
import type { Tally } from './tally';

export type Ordering = 'mailbox' | 'none';

export interface ReceiverKind {
  ordering: Ordering;
  /** As long as it fails, it answers no request. */
  hangs: boolean;
}

/** Of 100 requests. The last one has taken the event, and its answer is lost: it comes again. */
const FAULTS = [
  { name: 'the receiver answers 5xx', of100: 6 },
  { name: 'the receiver answers 503 with Retry-After', of100: 2 },
  { name: 'the receiver redirects', of100: 1 },
  { name: 'the receiver closes the connection', of100: 4 },
  { name: 'the receiver hangs', of100: 0.3 },
  { name: 'the receiver is slow', of100: 4 },
  { name: "the receiver's answer is lost", of100: 2 },
] as const;
type FaultName = (typeof FAULTS)[number]['name'];

/** An application that fails in all its ways, and notes what came first, what came again, and what it has taken. */
export class UnreliableReceiver {
  readonly faults: Tally;
  /** Events that it has taken, as they came, by id. */
  readonly taken = new Map<string, string>();
  repeats = 0;
  forged = 0;
  /** Events that came first before their predecessor was taken, or not after it. */
  readonly outOfOrder: string[] = [];
  /** When it got something last that an erasure takes away (epoch ms), by mailbox. */
  readonly lastContentAt = new Map<string, number>();
  failing = false;
  private webhook: Webhook | undefined;
  private readonly seen = new Set<string>();
  private readonly last = new Map<string, { id: string; sequence: number }>();
  private readonly hanging = new Set<ServerResponse>();

  private constructor(
    private readonly receiver: Receiver,
    private readonly kind: ReceiverKind,
    private readonly random: SeededRandom,
    tally: Tally,
  ) {
    this.faults = tally;
    receiver.answer = (request, response) => this.receive(request, response);
  }

  static async start(kind: ReceiverKind, random: SeededRandom, tally: Tally): Promise<UnreliableReceiver> {
    return new UnreliableReceiver(await Receiver.start(), kind, random, tally);
  }

  get ordering(): Ordering {
    return this.kind.ordering;
  }

  /** For the report. */
  get name(): string {
    return `ordering "${this.ordering}"${this.kind.hangs ? ', hanging' : ''}`;
  }

  async register(api: ApiClient): Promise<void> {
    const url = `${this.receiver.origin}/webhooks`;
    const { secret } = await api.post('/v1/endpoints', { url, ordering: this.ordering }, 201);
    this.webhook = new Webhook(secret);
  }

  /** From here on it answers as it should; what hangs is cut off. */
  calm(): void {
    this.failing = false;
    for (const response of this.hanging) response.destroy();
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  private async receive(received: Received, response: ServerResponse): Promise<ReceiverResponse | 'nothing'> {
    this.receiver.received.length = 0;
    const { event, headers } = received;
    if (!this.isHonest(received)) {
      this.forged += 1;
      return 400;
    }
    if (event.data.erased !== true) this.lastContentAt.set(event.mailbox.id, Date.now());
    if (this.seen.has(headers['webhook-id']!)) this.repeats += 1;
    else this.noteFirst(event);
    const fault = this.failing ? this.nextFault() : undefined;
    if (fault) this.faults.add(fault);
    return this.fail(fault, received, response);
  }

  private isHonest({ body, headers, event }: Received): boolean {
    try {
      this.webhook!.verify(body, headers);
      return headers['webhook-id'] === event.id;
    } catch {
      return false;
    }
  }

  private noteFirst({ id, type, sequence, mailbox }: Received['event']): void {
    this.seen.add(id);
    if (this.ordering === 'none') return;
    const last = this.last.get(mailbox.id);
    // What waits when a mailbox is erased is dead, and its last event comes nevertheless.
    const follows =
      type === 'mailbox.erased' ||
      (sequence === (last?.sequence ?? 0) + 1 && (!last || this.taken.has(last.id)));
    if (!follows)
      this.outOfOrder.push(`${mailbox.id}: ${sequence} came after ${last?.sequence ?? 'nothing'}`);
    this.last.set(mailbox.id, { id, sequence });
  }

  private nextFault(): FaultName | undefined {
    if (this.kind.hangs) return 'the receiver hangs';
    let lot = this.random.next() * 100;
    return FAULTS.find(({ of100 }) => (lot -= of100) < 0)?.name;
  }

  private async fail(
    fault: FaultName | undefined,
    received: Received,
    response: ServerResponse,
  ): Promise<ReceiverResponse | 'nothing'> {
    switch (fault) {
      case 'the receiver answers 5xx':
        return this.random.between(500, 504);
      case 'the receiver answers 503 with Retry-After':
        return { status: 503, headers: { 'retry-after': '1' } };
      case 'the receiver redirects':
        return { status: 302, headers: { location: '/elsewhere' } };
      case 'the receiver closes the connection':
        response.destroy();
        return 'nothing';
      case 'the receiver hangs':
        this.hanging.add(response);
        return 'nothing';
      case "the receiver's answer is lost":
        this.take(received);
        response.destroy();
        return 'nothing';
      case 'the receiver is slow':
        await delay(this.random.between(200, 2_000));
        break;
      case undefined:
    }
    this.take(received);
    return 204;
  }

  private take({ event, body }: Received): void {
    this.taken.set(event.id, body);
  }
}
