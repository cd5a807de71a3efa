import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { GoogleClock } from '../clock';
import type { KeyRing } from '../keys/key-ring';
import type { SeededRandom } from '../seeded-random';
import { post, type Agents } from './http-post';
import { newMessage, unwrappedBody, wrappedBody, type PubsubMessage } from './push-message';
import type { PushChaos, PushSettings } from './push-settings';
import { PushTokenSource } from './push-token-source';
import { Settled } from './settled';

/** https://docs.cloud.google.com/pubsub/docs/push#receive_push */
const ACKNOWLEDGED = new Set([102, 200, 201, 202, 204]);
const KEPT_ATTEMPTS = 10_000;

export interface PushAttempt {
  message: PubsubMessage;
  /** null: no answer in time. */
  status: number | null;
  at: number;
}

interface Environment {
  clock: GoogleClock;
  random: SeededRandom;
  keys: KeyRing;
}

/** One push subscription: at least once, in any order, backing off as a whole when the receiver refuses. */
export class PushSubscription {
  chaos: PushChaos;
  /** Every push that was tried, newest last. */
  readonly attempts: PushAttempt[] = [];
  /** Published messages that chaos dropped. */
  dropped = 0;
  /** Published messages that chaos accepted twice. */
  doubled = 0;
  /** Messages that chaos held back, so that others could overtake them. */
  held = 0;
  private readonly queue: PubsubMessage[] = [];
  private readonly tokens: PushTokenSource;
  private readonly agents: Agents = {
    http: new PlainAgent({ keepAlive: true }),
    https: new SecureAgent({ keepAlive: true }),
  };
  private readonly outstanding = new Settled();
  private readonly timers = new Set<NodeJS.Timeout>();
  private inFlight = 0;
  private failures = 0;
  private resumesAt = 0;
  private paused = false;
  private closed = false;

  constructor(
    readonly settings: PushSettings,
    private readonly environment: Environment,
  ) {
    if (!URL.canParse(settings.url)) throw new Error(`${settings.url} is no push address`);
    this.chaos = settings.chaos ?? {};
    this.tokens = new PushTokenSource(environment.keys, settings, settings.freshTokens ?? false);
  }

  /** Any data, Gmail's or not. */
  publish(data: string, attributes?: Record<string, string>): void {
    if (this.closed) return;
    const { random, clock } = this.environment;
    const message = newMessage(data, clock.now(), attributes);
    if (random.chance(this.chaos.drop)) {
      this.dropped += 1;
      return;
    }
    this.accept(message);
    if (!random.chance(this.chaos.duplicate)) return;
    this.doubled += 1;
    this.accept(message);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.pump();
  }

  /** Resolves when every message has been acknowledged. A paused subscription keeps its messages. */
  settled(): Promise<void> {
    return this.outstanding.wait();
  }

  /** Forgets all messages and closes the connections. */
  close(): void {
    this.closed = true;
    this.timers.forEach((timer) => clearTimeout(timer));
    this.agents.http.destroy();
    this.agents.https.destroy();
    this.outstanding.reset();
  }

  private accept(message: PubsubMessage): void {
    const { random } = this.environment;
    this.outstanding.up();
    const held = random.chance(this.chaos.delay) || random.chance(this.chaos.reorder);
    if (held) this.held += 1;
    if (held) this.later(random.between(1, this.chaos.holdMs ?? 50), () => this.enqueue(message));
    else this.enqueue(message);
  }

  private enqueue(message: PubsubMessage): void {
    this.queue.push(message);
    this.pump();
  }

  private pump(): void {
    if (this.closed || this.paused) return;
    const wait = this.resumesAt - Date.now();
    if (wait > 0) return;
    while (this.inFlight < (this.settings.concurrency ?? 20)) {
      const message = this.queue.shift();
      if (message === undefined) return;
      this.inFlight += 1;
      void this.deliver(message);
    }
  }

  private async deliver(message: PubsubMessage): Promise<void> {
    const { url, subscription, wrapped = true, encoding = 'base64', ackDeadlineMs = 10_000 } = this.settings;
    const { headers, body } = wrapped
      ? wrappedBody(message, subscription, encoding)
      : unwrappedBody(message, subscription);
    const authorization = `Bearer ${this.tokens.token()}`;
    const own = { ...headers, authorization, 'user-agent': 'APIs-Google', accept: '*/*' };
    const status = await post(url, own, body, ackDeadlineMs, this.agents);
    this.inFlight -= 1;
    if (this.closed) return;
    this.attempts.push({ message, status, at: Date.now() });
    if (this.attempts.length > 2 * KEPT_ATTEMPTS) this.attempts.splice(0, KEPT_ATTEMPTS);
    if (status !== null && ACKNOWLEDGED.has(status)) this.acknowledge();
    else this.refuse(message);
    this.pump();
  }

  private acknowledge(): void {
    this.failures = 0;
    this.outstanding.down();
  }

  private refuse(message: PubsubMessage): void {
    this.queue.push(message);
    const now = Date.now();
    if (now < this.resumesAt) return;
    const { minMs, maxMs } = this.settings.backoff ?? { minMs: 100, maxMs: 60_000 };
    const wait = Math.min(maxMs, minMs * 2 ** this.failures);
    this.failures += 1;
    this.resumesAt = now + wait;
    this.later(wait + 1, () => this.pump());
  }

  private later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }
}
