import { Permit } from './permit';

describe(Permit, () => {
  let now: number;
  beforeEach(() => (now = 1_000));
  const permit = (rateLimit: number | null) => new Permit({ rateLimit, claimedAt: 1_000 }, () => now);

  it('is for one attempt', () => {
    const one = permit(5);
    expect([one.isLeft, one.use(), one.isLeft, one.use()]).toEqual([true, true, false, false]);
  });

  it('is for any number of attempts without a rate limit, and nothing to give back', () => {
    const one = permit(null);
    now += 60_000;
    expect([one.use(), one.use(), one.isLeft]).toEqual([true, true, false]);
  });

  it('is good for half a second: attempts that were held up together do not begin together', () => {
    const [early, late] = [permit(5), permit(5)];
    now += 500;
    expect(early.use()).toBe(true);
    now += 1;
    expect([late.use(), late.isLeft]).toEqual([false, true]);
  });
});
