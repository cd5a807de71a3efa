import { nextThrottle } from './throttle';

const NOW = Date.parse('2026-05-01T12:00:00Z');

describe(nextThrottle, () => {
  it('lasts until the time that Google names', () => {
    expect(nextThrottle({ until: 0, refusals: 0 }, NOW + 42_000, NOW)).toEqual({
      until: NOW + 42_000,
      refusals: 1,
    });
  });

  it('lasts ever longer, up to five minutes, when Google names none', () => {
    let throttle = { until: 0, refusals: 0 };
    const lengths: number[] = [];
    for (let now = NOW; lengths.length < 10; now = throttle.until) {
      throttle = nextThrottle(throttle, undefined, now);
      lengths.push(throttle.until - now);
    }
    expect(lengths[0]).toBeLessThanOrEqual(5_000);
    expect(lengths[3]).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(300_000);
    expect(nextThrottle(throttle, undefined, throttle.until + 300_000).refusals).toBe(1);
  });

  it('treats the refusals of calls that were under way as one', () => {
    const throttle = nextThrottle({ until: 0, refusals: 0 }, undefined, NOW);
    expect(nextThrottle(throttle, undefined, NOW + 10)).toEqual(throttle);
    expect(nextThrottle(throttle, NOW + 60_000, NOW + 10)).toEqual({ until: NOW + 60_000, refusals: 1 });
  });
});
