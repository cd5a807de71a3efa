import type { SyncClaim, SyncLane } from './cursor/sync.types';

/**
 * How many syncs of each kind run at once in this process. Each kind has its own share, which no other takes: after an
 * outage, when every mailbox is overdue, news does not wait behind reconciles, nor either of them behind repairs.
 */
const LANE_SIZES: Readonly<Record<SyncLane, number>> = { news: 32, reconcile: 8, repair: 16 };

/** Counts the syncs that run, by kind. */
export class SyncLanes {
  static readonly totalSize = Object.values(LANE_SIZES).reduce((all, size) => all + size, 0);

  private readonly running: Record<SyncLane, number> = { news: 0, reconcile: 0, repair: 0 };

  /** How many more of each kind may begin. */
  free(): Record<SyncLane, number> {
    const free = (lane: SyncLane) => LANE_SIZES[lane] - this.running[lane];
    return { news: free('news'), reconcile: free('reconcile'), repair: free('repair') };
  }

  /**
   * @param work returns in how many milliseconds its mailbox is due again; null: not by the clock
   * @returns in how many milliseconds to look for due mailboxes: at once when others may wait for its place
   */
  async run({ lane }: SyncClaim, work: () => Promise<number | null>): Promise<number> {
    this.running[lane]++;
    try {
      const dueIn = await work();
      return this.running[lane] >= LANE_SIZES[lane] ? 0 : (dueIn ?? Infinity);
    } finally {
      this.running[lane]--;
    }
  }
}
