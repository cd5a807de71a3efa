import { Injectable } from '@nestjs/common';
import { PubsubSettings } from '../../config/settings';
import type { OpenSubscription } from '../pubsub.client';

/** Google ends a stream from time to time, and the next is there at once. One that ends again within this time is broken. */
const REPEATED_WITHIN_MS = 10_000;

/** Whether the subscription is being read: what the job, the library and the connection know of it, put together. */
@Injectable()
export class PullHealthService {
  private subscription: OpenSubscription | undefined;
  private detail = 'The subscription is not open yet.';
  private interruptions: number[] = [];

  constructor(private readonly settings: PubsubSettings) {}

  opened(subscription: OpenSubscription): void {
    this.subscription = subscription;
    this.interruptions = [];
  }

  interrupted(): void {
    this.interruptions = [...this.interruptions, performance.now()].slice(-2);
  }

  /** A message came: the stream is there, whatever was before. */
  received(): void {
    this.interruptions = [];
  }

  /** @param remedy what a person does about it */
  ended(remedy: string): void {
    this.subscription = undefined;
    this.detail = remedy;
  }

  /** What is wrong; null when nothing is; undefined where nothing is pulled. */
  async fault(): Promise<string | null | undefined> {
    if (this.settings.delivery !== 'pull') return undefined;
    if (!this.subscription) return this.detail;
    const [last, before] = [this.interruptions.at(-1), this.interruptions.at(-2)];
    const isBroken = before !== undefined && performance.now() - before < REPEATED_WITHIN_MS;
    const connected = await this.subscription.isConnected().catch(() => false);
    if (connected && !(isBroken && last !== undefined)) return null;
    return 'The stream of PUBSUB_SUBSCRIPTION is broken; it is opened again and again. What was published meanwhile waits.';
  }
}
