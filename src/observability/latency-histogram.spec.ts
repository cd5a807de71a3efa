import { bucketOf, quantile } from './latency-histogram';

const counts = (latencies: number[]) => {
  const buckets: number[] = [];
  for (const latency of latencies) buckets[bucketOf(latency)] = (buckets[bucketOf(latency)] ?? 0) + 1;
  return Array.from(buckets, (count) => count ?? 0);
};

describe('the latency histogram', () => {
  it('knows no quantile of nothing', () => {
    expect(quantile([], 0.5)).toBeNull();
    expect(quantile([0, 0], 0.99)).toBeNull();
  });

  it('never reports a latency as shorter than it was, and as at most a tenth longer', () => {
    for (const latency of [0, 0.4, 1, 1.01, 17, 250.5, 999, 60_000, 36_000_000]) {
      const reported = quantile(counts([latency]), 0.5)!;
      expect(reported).toBeGreaterThanOrEqual(latency);
      expect(reported).toBeLessThanOrEqual(Math.ceil(Math.max(latency, 1) * 1.1));
    }
  });

  it('has the median of many and the slowest of a hundred apart', () => {
    const latencies = counts([...Array<number>(98).fill(10), 900, 1_000]);
    expect(quantile(latencies, 0.5)).toBeLessThan(12);
    expect(quantile(latencies, 0.99)).toBeGreaterThanOrEqual(900);
  });

  it('keeps what lasts longer than anything in its last bucket', () => {
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(bucketOf(1e14));
  });
});
