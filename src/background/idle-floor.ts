/** Polls that found nothing, on average and at once: a wake-up after a quiet moment is never delayed. */
const INTERVAL_MS = 20;
const BURST = 20;

/**
 * The floor under a loop: polls that find nothing to do come at most so often, whoever wakes it and however often. A few in
 * a row cost nothing, since what wakes a loop often comes twice: from this replica, and as a message from the database.
 */
export class IdleFloor {
  /** When all polls that found nothing would have been made at the interval. */
  private paidUntil = 0;

  /** @param now in milliseconds, on any scale that only grows */
  recordIdlePoll(now: number): void {
    this.paidUntil = Math.max(this.paidUntil, now) + INTERVAL_MS;
  }

  /** Milliseconds until the next poll may be made. */
  wait(now: number): number {
    return Math.max(0, this.paidUntil - now - BURST * INTERVAL_MS);
  }
}
