import type { SyncClaim, SyncLane } from './cursor/sync.types';
import { LendablePlace } from './lendable-place';

/**
 * How many syncs of each kind run at once in this process. Each kind has its own share, which no other takes: after an
 * outage, when every mailbox is overdue, news does not wait behind reconciles, nor either of them behind repairs.
 */
const LANE_SIZES: Readonly<Record<SyncLane, number>> = { news: 32, reconcile: 8, repair: 16 };

/**
 * How many syncs of news may wait for Google beside those that have a place: mailboxes for which Gmail hangs hold up no
 * other, and there may be hundreds of them. One that waits costs a socket and a claim. The other kinds can wait, and lend
 * nothing.
 */
const MAX_LENT = 1_000;

/**
 * A sync lends its place when a call goes unanswered for so long: Gmail answers in well under a second. When many are lent
 * already, Gmail hangs for many mailboxes at once, and others need not wait a second for each thirty-two of them.
 */
const LEND_AFTER_MS = 1_000;
const MANY_LENT = 16;
const LEND_SOON_AFTER_MS = 200;

/** Counts the syncs that run, by kind. */
export class SyncLanes {
  static readonly maxRunning = Object.values(LANE_SIZES).reduce((all, size) => all + size, MAX_LENT);

  private readonly running: Record<SyncLane, number> = { news: 0, reconcile: 0, repair: 0 };
  private lent = 0;
  /** Places of news that are kept for mailboxes that are about to be handed over. */
  private reserved = 0;
  private newsMayWait = true;

  /** @param onLent called when a place is free although its sync goes on */
  constructor(private readonly onLent: () => void) {}

  /** How many more of each kind may begin. Those that have got a lent place back may be too many for a while. */
  free(): Record<SyncLane, number> {
    const free = (lane: SyncLane) => Math.max(0, LANE_SIZES[lane] - this.running[lane]);
    return {
      news: Math.max(0, free('news') - this.reserved),
      reconcile: free('reconcile'),
      repair: free('repair'),
    };
  }

  /**
   * Claims what is due and has a place.
   *
   * @param claim gives up to so many of each kind
   */
  async claim(claim: (free: Record<SyncLane, number>) => Promise<SyncClaim[]>): Promise<SyncClaim[]> {
    const free = this.free();
    this.newsMayWait = true;
    const claimed = await claim(free);
    this.newsMayWait = claimed.filter(({ lane }) => lane === 'news').length >= free.news;
    return claimed;
  }

  /** Whether there may be more news than had a place when due work was last claimed. That comes first: nothing is handed over. */
  get mayNewsWait(): boolean {
    return this.newsMayWait;
  }

  /** Keeps places for news that is handed over, until `release`. @returns how many */
  reserve(): number {
    const places = this.newsMayWait ? 0 : this.free().news;
    this.reserved += places;
    return places;
  }

  release(places: number): void {
    this.reserved -= places;
  }

  /**
   * @param work returns in how many milliseconds its mailbox is due again; null: not by the clock
   * @returns in how many milliseconds to look for due mailboxes: at once when others may wait for its place
   */
  async run({ lane }: SyncClaim, work: (place: LendablePlace) => Promise<number | null>): Promise<number> {
    this.running[lane]++;
    const place = new LendablePlace({
      lend: () => this.lend(lane),
      lendAfter: () => (this.lent < MANY_LENT ? LEND_AFTER_MS : LEND_SOON_AFTER_MS),
      takeBack: () => this.takeBack(lane),
    });
    try {
      const dueIn = await work(place);
      return this.running[lane] >= LANE_SIZES[lane] ? 0 : (dueIn ?? Infinity);
    } finally {
      place.end();
      this.running[lane]--;
    }
  }

  private lend(lane: SyncLane): boolean {
    if (lane !== 'news' || this.lent >= MAX_LENT) return false;
    this.lent++;
    this.running[lane]--;
    this.onLent();
    return true;
  }

  private takeBack(lane: SyncLane): void {
    this.lent--;
    this.running[lane]++;
  }
}
