import { setTimeout as delay } from 'node:timers/promises';
import { Batcher } from './batcher';

/** What a write reports of an item whose row another session holds: nothing was written for it. */
export const ROW_LOCKED = Symbol('row locked');

export type RowOutcome<Out> = Out | typeof ROW_LOCKED;

/** How often a row that is locked is tried. */
const LOCK_POLL_INTERVAL_MS = 25;

/**
 * Group commit of rows, one row for an item. Its write waits for no row (`SKIP LOCKED`), so a row that another session
 * holds delays its own item only: that one is tried again, apart from the others.
 */
export class RowBatcher<In, Out> {
  private readonly batcher: Batcher<In, RowOutcome<Out>>;
  private readonly lockedBatcher: Batcher<In, RowOutcome<Out>>;

  /**
   * @param write writes the items in order and returns one outcome each
   * @param options.maxItems the most items that one write takes
   * @param options.maxLockWaitMs how long an item waits for its row
   */
  constructor(
    write: (items: In[]) => Promise<RowOutcome<Out>[]>,
    private readonly options: { lanes: number; maxItems: number; maxLockWaitMs: number },
  ) {
    this.batcher = new Batcher(write, options);
    this.lockedBatcher = new Batcher(async (items) => {
      await delay(LOCK_POLL_INTERVAL_MS);
      return write(items);
    }, options);
  }

  /**
   * Resolves once the write that took the item has committed; rejects with that write's error.
   *
   * @returns ROW_LOCKED when the row was locked all the time
   */
  async add(item: In): Promise<RowOutcome<Out>> {
    const deadline = performance.now() + this.options.maxLockWaitMs;
    let outcome = await this.batcher.add(item);
    while (outcome === ROW_LOCKED && performance.now() < deadline)
      outcome = await this.lockedBatcher.add(item);
    return outcome;
  }
}
