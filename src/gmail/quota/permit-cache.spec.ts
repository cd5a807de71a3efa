import { PermitCache } from './permit-cache';

describe(PermitCache, () => {
  let now = 0;
  let purse: PermitCache;
  beforeEach(() => {
    now = 0;
    purse = new PermitCache(() => now);
  });

  it('gives what was put in, and no more', () => {
    purse.put('a', purse.coins(100));
    expect(purse.take('a', 80).units).toBe(80);
    expect(purse.take('a', 80).units).toBe(20);
    expect(purse.take('a', 80).units).toBe(0);
    expect(purse.take('b', 80).units).toBe(0);
  });

  it('loses what was not spent within 4 s, also when it is taken out and put back', () => {
    purse.put('a', purse.coins(100));
    now = 3_999;
    const taken = purse.take('a', 100);
    purse.put('a', taken);
    purse.put('a', purse.coins(5));
    expect(purse.take('a', 1).units).toBe(1);
    now = 4_000;
    expect(purse.take('a', 1).units).toBe(0);
    purse.put('b', taken);
    expect(purse.take('b', 1).units).toBe(0);
  });
});
