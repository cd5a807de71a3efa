const LEAST = 500;
const LONGEST = 30_000;

/**
 * How long to wait before trying again what the database could not take: a fraction of the time that this has been so, so
 * that a short outage costs little time, and a disk that is full for hours costs little of Gmail's quota.
 */
export class OutageWait {
  private since: number | undefined;

  /** @returns milliseconds */
  wait(now = performance.now()): number {
    this.since ??= now;
    return Math.min(LONGEST, Math.max(LEAST, (now - this.since) / 4));
  }

  /** Something was written. */
  end(): void {
    this.since = undefined;
  }
}
