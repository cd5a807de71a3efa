import { Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import type { BackgroundJob } from './background-job';
import { IdleFloor } from './idle-floor';

/** How soon to poll again when a poll failed: the database is away, and a poll then costs little. */
const RETRY_INTERVAL_MS = 1_000;

/** A poll that takes longer than this has gone wrong. */
const MAX_POLL_MS = 10_000;

/**
 * Waits up to this long end on time; of longer ones, the poll interval is a small part. Those that are longer than the poll
 * interval share their wake-ups, so that a thousand failures cost ten polls a second and not a thousand.
 */
const MAX_TIMED_WAIT_MS = 60_000;
const SHARED_WAKE_INTERVAL_MS = 100;

interface Heartbeat<T> {
  interval: number;
  renew: (running: T[]) => Promise<unknown>;
}

export interface WorkLoopOptions<T> {
  /** How many items run at once in this process. */
  concurrency: number;
  /** The longest time, in milliseconds, between two polls for due work when nothing wakes the loop. */
  pollInterval: number;
  /** Takes up to `limit` due items for this process, most overdue first. An empty list: nothing is due. */
  claim: (limit: number) => Promise<T[]>;
  /**
   * Does one item and commits its outcome. What it throws is logged; the item stays due by its lease.
   *
   * @returns in how many milliseconds it is worth polling again on its account, `Infinity`: not at all; nothing: at once
   */
  run: (item: T, signal: AbortSignal) => Promise<number | void>;
  /**
   * Renews the claims of the items that run, so that others take them over only when this process has died. Theirs
   * alone: a claim whose run ended without returning it, the database being away, has to run out.
   */
  heartbeat?: Heartbeat<T>;
  /** For how many milliseconds the items under way are waited for at the end. */
  shutdownTimeout: number;
  /** What is done after that, such as returning claims. What it throws is logged. */
  afterStop?: () => Promise<unknown>;
}

/**
 * The loop behind every kind of background work: claim what is due, do it, leave it due if it failed. Woken at once by
 * `wake`, and by itself every `pollInterval` for what became due by the clock or was left by a dead replica.
 */
export class WorkLoop<T> implements BackgroundJob {
  private readonly logger: Logger;
  private readonly running = new Map<Promise<void>, T>();
  private readonly abort = new AbortController();
  private readonly floor = new IdleFloor();
  private timer: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private claiming = false;
  private wokenWhileClaiming = false;
  /** The shared wake-ups to come, by their numbers. */
  private readonly sharedWakes = new Set<number>();
  private stopped = true;
  private failures = 0;
  /** When the claims of what runs were renewed last, or nothing ran. */
  private renewedAt = performance.now();
  /** On a clock that nobody sets: a health check must not fail because the time was corrected. */
  private polledAt = performance.now();

  constructor(
    private readonly name: string,
    private readonly options: WorkLoopOptions<T>,
  ) {
    this.logger = new Logger(name);
  }

  /** Whether it has polled for due work lately, without an error. */
  get alive(): boolean {
    return !this.stopped && performance.now() - this.polledAt < this.options.pollInterval + MAX_POLL_MS;
  }

  /** Whether it has been asked to stop, or was not started yet. */
  get isStopped(): boolean {
    return this.stopped;
  }

  start(): void {
    this.stopped = false;
    const { heartbeat } = this.options;
    if (heartbeat)
      this.heartbeat = setInterval(
        () => void this.renew(heartbeat).catch((error: unknown) => this.warn(error, 'cannot renew claims')),
        heartbeat.interval,
      );
    this.wake();
  }

  /** Cheap to call often: calls during a poll cause one more poll. */
  wake(): void {
    if (this.stopped) return;
    if (this.claiming) {
      this.wokenWhileClaiming = true;
      return;
    }
    const wait = this.floor.wait(performance.now());
    if (wait > 0) this.pollIn(wait);
    else void this.poll();
  }

  /** Polls again after so many milliseconds, unless that is so far away that the poll which comes anyway will do. */
  wakeIn(milliseconds: number): void {
    if (milliseconds <= 0) return this.wake();
    if (this.stopped || milliseconds > MAX_TIMED_WAIT_MS) return;
    if (milliseconds >= this.options.pollInterval) return this.shareWakeIn(milliseconds);
    setTimeout(() => this.wake(), Math.ceil(milliseconds)).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort.abort();
    const deadline = new Promise<void>((resolve) =>
      setTimeout(resolve, this.options.shutdownTimeout).unref(),
    );
    await Promise.race([Promise.allSettled([...this.running.keys()]), deadline]);
    clearInterval(this.heartbeat);
    await this.options.afterStop?.().catch((error: unknown) => this.warn(error, 'could not end in order'));
  }

  private shareWakeIn(milliseconds: number): void {
    const now = performance.now();
    const number = Math.ceil((now + milliseconds) / SHARED_WAKE_INTERVAL_MS);
    if (this.sharedWakes.has(number)) return;
    this.sharedWakes.add(number);
    const wait = Math.ceil(number * SHARED_WAKE_INTERVAL_MS - now);
    setTimeout(() => {
      this.sharedWakes.delete(number);
      this.wake();
    }, wait).unref();
  }

  private async renew({ renew }: Heartbeat<T>): Promise<void> {
    const began = performance.now();
    if (this.running.size > 0) await renew([...this.running.values()]);
    this.renewedAt = began;
  }

  /**
   * After an outage of the database, or a pause of this process, the claims of what runs here may have run out. They are
   * renewed before others are made, or this process would take over from itself and do the same twice.
   */
  private async renewOverdue(): Promise<void> {
    const { heartbeat } = this.options;
    if (heartbeat && performance.now() - this.renewedAt > 2 * heartbeat.interval) await this.renew(heartbeat);
  }

  private async poll(): Promise<void> {
    this.claiming = true;
    clearTimeout(this.timer);
    let wait = this.options.pollInterval;
    try {
      let more = true;
      while (more && !this.stopped) {
        this.wokenWhileClaiming = false;
        const free = this.options.concurrency - this.running.size;
        if (free <= 0) break;
        await this.renewOverdue();
        const items = await this.options.claim(free);
        // Each of them counts: a loop that is woken all the time does not come to the end of this.
        this.polledAt = performance.now();
        this.begin(items);
        if (items.length === 0) this.floor.recordIdlePoll(performance.now());
        const rest = this.floor.wait(performance.now());
        if (this.wokenWhileClaiming && rest > 0) wait = Math.min(wait, rest);
        more = items.length === free || (this.wokenWhileClaiming && rest === 0);
      }
      this.failures = 0;
      this.polledAt = performance.now();
    } catch (error) {
      // The database is away, most likely: keep polling, so that work resumes with it, and say so once.
      if (this.failures++ === 0) this.warn(error, 'cannot claim work');
      wait = Math.min(wait, RETRY_INTERVAL_MS);
    } finally {
      this.claiming = false;
      if (!this.stopped) this.pollIn(wait);
    }
  }

  private pollIn(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), milliseconds);
  }

  /** Does items that were claimed otherwise, whatever else runs. */
  begin(items: readonly T[]): void {
    for (const item of items) this.beginOne(item);
  }

  private beginOne(item: T): void {
    const work = this.options
      .run(item, this.abort.signal)
      .catch((error: unknown) => this.warn(error, 'work failed'))
      .then((dueIn) => {
        const wasFull = this.running.size >= this.options.concurrency;
        this.running.delete(work);
        this.wakeIn(wasFull ? 0 : (dueIn ?? 0));
      });
    this.running.set(work, item);
  }

  private warn(error: unknown, complaint: string): void {
    this.logger.warn({ loop: this.name, error: describeError(error) }, complaint);
  }
}
