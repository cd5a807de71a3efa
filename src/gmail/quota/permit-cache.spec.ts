import { PermitCache } from './permit-cache';

describe(PermitCache, () => {
  let now = 0;
  let permits: PermitCache;
  beforeEach(() => {
    now = 0;
    permits = new PermitCache(() => now);
  });

  it('gives what was put in, and no more', () => {
    permits.put('a', permits.issue(100));
    expect(permits.take('a', 80).units).toBe(80);
    expect(permits.take('a', 80).units).toBe(20);
    expect(permits.take('a', 80).units).toBe(0);
    expect(permits.take('b', 80).units).toBe(0);
  });

  it('loses what was not used within 4 s, also when it is taken out and put back', () => {
    permits.put('a', permits.issue(100));
    now = 3_999;
    const taken = permits.take('a', 100);
    permits.put('a', taken);
    permits.put('a', permits.issue(5));
    expect(permits.take('a', 1).units).toBe(1);
    now = 4_000;
    expect(permits.take('a', 1).units).toBe(0);
    permits.put('b', taken);
    expect(permits.take('b', 1).units).toBe(0);
  });
});
