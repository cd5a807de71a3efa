import { setTimeout as delay } from 'node:timers/promises';
import type { BackgroundJob, JobName } from '../../background/background-job';
import { WorkLoop } from '../../background/work-loop';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import type { EndpointPace } from '../capacity/endpoint-pace';
import { type Places, PLACES_OF_UNKNOWN, shareOut, type Shares } from '../capacity/shares';

/** How a delivery under way learns that it has to end. */
export interface StopSignals {
  /** Begin no other attempt. */
  stopping: AbortSignal;
  /** End the attempt under way. */
  cutOff: AbortSignal;
}

/** How long attempts under way may go on after SIGTERM, and how long they have then to be settled. */
const FINISH_TIMEOUT_MS = 4_000;
const SETTLE_TIMEOUT_MS = 3_000;

/** Lets attempts under way finish for a while, cuts off the rest, and resolves when all of them are settled. */
export async function stopGently<T>(loop: WorkLoop<T>, cutOff: AbortController): Promise<void> {
  const finished = new AbortController();
  const ended = loop.stop().finally(() => finished.abort());
  await delay(FINISH_TIMEOUT_MS, undefined, { signal: finished.signal }).catch(() => undefined);
  cutOff.abort(new Error('cut off: Inboxwire was shutting down'));
  await ended;
}

/** What this process holds claims on, for their renewal and for the share of each endpoint. */
export class Claims<T extends { target: DeliveryTarget }> {
  private readonly held = new Set<T>();
  private readonly waiting: (() => void)[] = [];

  get all(): T[] {
    return [...this.held];
  }

  /** How many claims each endpoint has. */
  byEndpoint(): Map<string, number> {
    return countByEndpoint(this.held);
  }

  take(claimed: T[]): T[] {
    for (const claim of claimed) this.held.add(claim);
    return claimed;
  }

  async during<R>(claim: T, work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } finally {
      this.held.delete(claim);
      if (this.held.size === 0) for (const resolve of this.waiting.splice(0)) resolve();
    }
  }

  /** Resolves when no claim is held. */
  none(): Promise<void> {
    if (this.held.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function countByEndpoint(claims: Iterable<{ target: DeliveryTarget }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { target } of claims) counts.set(target.endpointId, (counts.get(target.endpointId) ?? 0) + 1);
  return counts;
}

/** The longest time between two polls for what became due by the clock. */
const POLL_INTERVAL_MS = 1_000;

/** How long claims may take to be given back at the very end. */
const RETURN_TIMEOUT_MS = 1_000;

export interface DeliveryLoopOptions<T> {
  places: Places;
  claim: (shares: Shares) => Promise<T[]>;
  renew: (claims: T[]) => Promise<void>;
  /** @returns milliseconds until the same is due again; `Infinity` when it is not */
  deliver: (claim: T, signals: StopSignals) => Promise<number>;
}

/** A work loop with what all deliveries share: claims renewed and counted by endpoint, retries on time, a gentle stop. */
export class DeliveryLoop<T extends { target: DeliveryTarget }> implements BackgroundJob {
  private readonly claims = new Claims<T>();
  private readonly cutOff = new AbortController();
  private readonly loop: WorkLoop<T>;
  private claiming: Promise<T[]> = Promise.resolve([]);
  /** Places that are kept for what may be taken over, by endpoint. */
  private readonly reserved = new Map<string, number>();
  /** Endpoints that have got all the places which they might have when due work was last looked for. */
  private full = new Set<string>();
  /** Whether all places were taken then. */
  private isFull = false;
  /** How many endpoints had something due then, or lately. */
  private contenders = 1;

  constructor(
    name: JobName,
    private readonly pace: EndpointPace,
    private readonly options: DeliveryLoopOptions<T>,
  ) {
    pace.onSlow(() => this.wake());
    this.loop = new WorkLoop<T>(name, {
      // What was claimed by quick endpoints that have become slow comes on top of the places.
      concurrency: 5 * options.places.total,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: FINISH_TIMEOUT_MS + SETTLE_TIMEOUT_MS,
      claim: () => (this.claiming = this.claim()),
      run: (claim, stopping) => this.claims.during(claim, () => this.deliver(claim, stopping)),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: () => options.renew(this.claims.all) },
    });
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

  wakeIn(milliseconds: number): void {
    this.loop.wakeIn(milliseconds);
  }

  async stop(): Promise<void> {
    await stopGently(this.loop, this.cutOff);
    // A claim that was being made just then is given back as well, or others would take it for one of a dead process.
    const givenBack = this.claiming.catch(() => []).then(() => this.claims.none());
    await Promise.race([givenBack, delay(RETURN_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /**
   * Keeps a place for each of these endpoints that has one left and is quick.
   *
   * @returns the endpoints that a place is kept for, until `takeOver`
   */
  reserve(endpointIds: string[]): string[] {
    const { free, shares } = this.shares();
    const quick = shares.filter(({ isSlow, places }) => !isSlow && places > 0);
    const reserved = quick.map(({ endpointId }) => endpointId).filter((id) => endpointIds.includes(id));
    const kept = reserved.slice(0, free);
    for (const id of kept) this.reserved.set(id, (this.reserved.get(id) ?? 0) + 1);
    return kept;
  }

  /** Ends a reservation, and delivers what was claimed meanwhile. */
  takeOver(reserved: string[], claimed: T[]): void {
    for (const id of reserved) {
      const others = this.reserved.get(id)! - 1;
      if (others > 0) this.reserved.set(id, others);
      else this.reserved.delete(id);
    }
    this.loop.begin(this.claims.take(claimed));
  }

  private shares(): Shares {
    const busy = this.claims.byEndpoint();
    for (const [id, count] of this.reserved) busy.set(id, (busy.get(id) ?? 0) + count);
    return shareOut(busy, this.pace, this.options.places, Math.max(this.contenders, busy.size));
  }

  private async claim(): Promise<T[]> {
    const shares = this.shares();
    const claimed = this.claims.take(await this.options.claim(shares));
    const counts = countByEndpoint(claimed);
    const places = new Map(shares.shares.map((share) => [share.endpointId, share.places]));
    this.isFull = claimed.length >= shares.free;
    // More may have something due than there were places.
    this.contenders = this.isFull ? Math.max(this.contenders, counts.size) : counts.size;
    this.full = new Set(
      [...places.keys(), ...counts.keys()].filter(
        (id) => (counts.get(id) ?? 0) >= (places.get(id) ?? PLACES_OF_UNKNOWN),
      ),
    );
    return claimed;
  }

  /** @returns in how many milliseconds to look for due ones: at once when others may wait for its place */
  private async deliver(claim: T, stopping: AbortSignal): Promise<number> {
    const { endpointId, rateLimit } = claim.target;
    const dueIn = await this.options.deliver(claim, { stopping, cutOff: this.cutOff.signal });
    // Others of the endpoint may wait for its next permit.
    if (rateLimit !== null) this.loop.wakeIn(Math.ceil(1_000 / rateLimit));
    return this.isFull || this.full.has(endpointId) ? 0 : dueIn;
  }
}
