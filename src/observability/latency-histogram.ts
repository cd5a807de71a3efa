/** Buckets for each doubling: a value is known to 9 %. */
const BUCKETS_PER_DOUBLING = 8;

/** Some 30 years in milliseconds: longer latencies fall into the last bucket. */
const MAX_BUCKET = 40 * BUCKETS_PER_DOUBLING;

/** The bucket of a latency. Bucket 0 ends at 1 ms, and each of the others ends 9 % later than the one before it. */
export function bucketOf(milliseconds: number): number {
  const bucket = Math.ceil(BUCKETS_PER_DOUBLING * Math.log2(Math.max(milliseconds, 1)));
  return Math.min(bucket, MAX_BUCKET);
}

/**
 * The latency that this share of those counted did not exceed, in whole milliseconds. It is the end of its bucket: latencies are
 * never reported as shorter than they were. Null when nothing was counted.
 */
export function quantile(counts: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= share * all && count > 0);
  return Math.ceil(2 ** (bucket / BUCKETS_PER_DOUBLING));
}
