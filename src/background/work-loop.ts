import type { Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';

/** How soon, in milliseconds, to look again when a look failed: the database is away, and a look then costs little. */
const RETRY_AFTER = 1_000;

/** A look that takes longer than this (ms) has gone wrong. */
const LONGEST_LOOK = 10_000;

export interface WorkLoopOptions<T> {
  name: string;
  /** How many items run at once in this process. */
  concurrency: number;
  /** The longest time, in milliseconds, between two looks for due work when nothing wakes the loop. */
  pollInterval: number;
  /** Takes up to `limit` due items for this process, most overdue first. An empty list: nothing is due. */
  claim: (limit: number) => Promise<T[]>;
  /** Does one item and commits its outcome. What it throws is logged; the item stays due by its lease. */
  run: (item: T, signal: AbortSignal) => Promise<void>;
  /**
   * Renews the claims of the items that run, so that others take them over only when this process has died. Theirs
   * alone: a claim whose run ended without returning it, the database being away, has to run out.
   */
  heartbeat?: { interval: number; renew: (running: T[]) => Promise<unknown> };
  logger: Logger;
}

/**
 * The loop behind every kind of background work: claim what is due, do it, leave it due if it failed. Woken at once by
 * `wake`, and by itself every `pollInterval` for what became due by the clock or was left by a dead replica.
 */
export class WorkLoop<T> {
  private readonly running = new Map<Promise<void>, T>();
  private readonly abort = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private claiming = false;
  private wokenWhileClaiming = false;
  private stopped = true;
  private failures = 0;
  private lookedAt = Date.now();

  constructor(private readonly options: WorkLoopOptions<T>) {}

  get name(): string {
    return this.options.name;
  }

  /** Whether it has looked for due work lately, without an error. */
  get alive(): boolean {
    return !this.stopped && Date.now() - this.lookedAt < this.options.pollInterval + LONGEST_LOOK;
  }

  start(): void {
    this.stopped = false;
    const { heartbeat } = this.options;
    if (heartbeat) this.heartbeat = setInterval(() => void this.renew(heartbeat.renew), heartbeat.interval);
    this.wake();
  }

  /** Looks for due work now. Cheap to call often: calls during a look cause one more look. */
  wake(): void {
    if (this.stopped) return;
    if (this.claiming) {
      this.wokenWhileClaiming = true;
      return;
    }
    void this.look();
  }

  /** Looks again after so many milliseconds, when that is sooner than the next poll. */
  wakeIn(milliseconds: number): void {
    if (this.stopped || milliseconds >= this.options.pollInterval) return;
    setTimeout(() => this.wake(), Math.max(0, milliseconds)).unref();
  }

  /** Claims nothing more, tells the running items to stop, and resolves when they have or the time (ms) is over. */
  async stop(timeout: number): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort.abort();
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
    await Promise.race([Promise.allSettled([...this.running.keys()]), deadline]);
    clearInterval(this.heartbeat);
  }

  private async renew(renew: (running: T[]) => Promise<unknown>): Promise<void> {
    if (this.running.size === 0) return;
    await renew([...this.running.values()]).catch((error: unknown) =>
      this.options.logger.warn(
        { loop: this.options.name, error: describeError(error) },
        'cannot renew claims',
      ),
    );
  }

  private async look(): Promise<void> {
    this.claiming = true;
    clearTimeout(this.timer);
    let wait = this.options.pollInterval;
    try {
      let more = true;
      while (more && !this.stopped) {
        this.wokenWhileClaiming = false;
        const free = this.options.concurrency - this.running.size;
        if (free <= 0) break;
        const items = await this.options.claim(free);
        for (const item of items) this.begin(item);
        more = items.length === free || this.wokenWhileClaiming;
      }
      this.failures = 0;
      this.lookedAt = Date.now();
    } catch (error) {
      // The database is away, most likely: keep looking, so that work resumes with it, and say so once.
      if (this.failures++ === 0)
        this.options.logger.warn(
          { loop: this.options.name, error: describeError(error) },
          'cannot claim work',
        );
      wait = Math.min(wait, RETRY_AFTER);
    } finally {
      this.claiming = false;
      if (!this.stopped) this.timer = setTimeout(() => this.wake(), wait);
    }
  }

  private begin(item: T): void {
    const work = this.options
      .run(item, this.abort.signal)
      .catch((error: unknown) =>
        this.options.logger.warn({ loop: this.options.name, error: describeError(error) }, 'work failed'),
      )
      .finally(() => {
        this.running.delete(work);
        this.wake();
      });
    this.running.set(work, item);
  }
}
