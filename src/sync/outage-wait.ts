const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

/**
 * How long to wait before trying again what the database could not take: a fraction of the time that this has been so, so
 * that a short outage costs little time, and a disk that is full for hours costs little of Gmail's quota.
 */
export class OutageWait {
  private since: number | undefined;

  /** @returns milliseconds */
  wait(now = performance.now()): number {
    this.since ??= now;
    return Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, (now - this.since) / 4));
  }

  /** Something was written. */
  end(): void {
    this.since = undefined;
  }
}
