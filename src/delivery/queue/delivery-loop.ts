import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { WorkLoop } from '../../background/work-loop';
import { CLAIM_HEARTBEAT } from '../../background/replica';
import { Claims } from '../loop/claims';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { type StopSignals, stopGently } from '../loop/stop-signals';

/** The longest time, in milliseconds, between two looks for what became due by the clock. */
const POLL_INTERVAL = 1_000;

/** How long, in milliseconds, that may take at the very end. */
const GIVE_BACK = 1_000;

export interface DeliveryLoopOptions<T> {
  name: string;
  /** How many at once in this process, and of one endpoint: a slow one must not take all. */
  concurrency: number;
  perEndpoint: number;
  claim: (limit: number, perEndpoint: number, busy: ReadonlyMap<string, number>) => Promise<T[]>;
  renew: (claims: T[]) => Promise<void>;
  /** @returns milliseconds until the same is due again */
  deliver: (claim: T, signals: StopSignals) => Promise<number>;
}

/** A work loop with what all deliveries share: claims renewed and counted by endpoint, retries on time, a gentle stop. */
export class DeliveryLoop<T extends { target: DeliveryTarget }> {
  private readonly claims = new Claims<T>();
  private readonly cutOff = new AbortController();
  private readonly loop: WorkLoop<T>;
  private claiming: Promise<T[]> = Promise.resolve([]);

  constructor(private readonly options: DeliveryLoopOptions<T>) {
    this.loop = new WorkLoop<T>({
      name: options.name,
      concurrency: options.concurrency,
      pollInterval: POLL_INTERVAL,
      claim: (limit) => (this.claiming = this.claim(limit)),
      run: (claim, stopping) => this.claims.during(claim, () => this.deliver(claim, stopping)),
      heartbeat: { interval: CLAIM_HEARTBEAT, renew: () => options.renew(this.claims.all) },
      logger: new Logger(options.name),
    });
  }

  get name(): string {
    return this.loop.name;
  }

  get alive(): boolean {
    return this.loop.alive;
  }

  start(): void {
    this.loop.start();
  }

  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await stopGently(this.loop, this.cutOff);
    // A claim that was being made just then is given back as well, or others would take it for one of a dead process.
    const givenBack = this.claiming.catch(() => []).then(() => this.claims.none());
    await Promise.race([givenBack, delay(GIVE_BACK, undefined, { ref: false })]);
  }

  private async claim(limit: number): Promise<T[]> {
    const { claim, perEndpoint } = this.options;
    return this.claims.take(await claim(limit, perEndpoint, this.claims.byEndpoint()));
  }

  private async deliver(claim: T, stopping: AbortSignal): Promise<void> {
    const wait = await this.options.deliver(claim, { stopping, cutOff: this.cutOff.signal });
    if (wait > 0) this.loop.wakeIn(wait);
  }
}
