import { bucketOf } from './latency-histogram';

export const MINUTE_MS = 60_000;

/** What can be counted of a period. */
export const COUNTS = ['pushes', 'changes', 'deliveries', 'failures', 'units'] as const;

export type ActivityCount = (typeof COUNTS)[number];

export type Activity = Record<ActivityCount, number> & {
  /** How many latencies fell into each bucket of `latency-histogram`. */
  latencies: number[];
};

/**
 * What this process has done in each minute and nobody has taken yet. Counting costs an addition: it stands in the way of every
 * push and every delivery. `src/stats` writes it down.
 */
export class ActivityCounter {
  private minutes = new Map<number, Activity>();

  add(what: ActivityCount, number = 1): void {
    this.current()[what] += number;
  }

  /** @param milliseconds from the append of an event to its delivery */
  addLatency(milliseconds: number): void {
    count(this.current().latencies, bucketOf(milliseconds), 1);
  }

  /** Takes what was counted, by the beginning of its minute. */
  take(): Map<number, Activity> {
    const taken = this.minutes;
    this.minutes = new Map();
    return taken;
  }

  /** Counts again what was taken and could not be written down. */
  putBack(taken: ReadonlyMap<number, Activity>): void {
    for (const [minute, activity] of taken) addTo(this.of(minute), activity);
  }

  private current(): Activity {
    return this.of(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  }

  private of(minute: number): Activity {
    let activity = this.minutes.get(minute);
    if (!activity) this.minutes.set(minute, (activity = noActivity()));
    return activity;
  }
}

export function noActivity(): Activity {
  return { pushes: 0, changes: 0, deliveries: 0, failures: 0, units: 0, latencies: [] };
}

export function addTo(sum: Activity, more: Activity): void {
  for (const what of COUNTS) sum[what] += more[what];
  more.latencies.forEach((number, bucket) => count(sum.latencies, bucket, number));
}

/** An array without holes, as PostgreSQL has them. */
function count(buckets: number[], bucket: number, number: number): void {
  while (buckets.length <= bucket) buckets.push(0);
  buckets[bucket]! += number;
}
