import fc from 'fast-check';
import { reserve, type UsageWindow } from './usage-window';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const NOTHING: UsageWindow = { slot: 0, units: [] };

describe(reserve, () => {
  const take = (before: UsageWindow, required: number, now: number, ceiling = 5_700, wanted = required) =>
    reserve(before, { required, wanted, ceiling }, now);

  it('grants what is needed while there is some', () => {
    const first = take(NOTHING, 5_000, NOW);
    if (first.waitMs !== undefined) throw new Error('refused');
    expect(first.granted).toBe(5_000);
    expect(take(first.usage, 700, NOW)).toMatchObject({ granted: 700 });
    expect(take(first.usage, 701, NOW)).toMatchObject({ granted: 0 });
  });

  it('grants what is wanted besides while there is plenty, and less and less after that', () => {
    const grantedAfter = (used: number) => {
      const before = { slot: Math.floor(NOW / 2_500), units: [used] };
      return take(before, 2, NOW, 5_700, 122).granted;
    };
    expect([0, 4_000, 5_000, 5_690].map(grantedAfter)).toEqual([122, 122, 87, 2]);
  });

  it('says when it is worth asking again: then what is needed is there', () => {
    const first = take(NOTHING, 5_700, NOW);
    if (first.waitMs !== undefined) throw new Error('refused');
    const { waitMs = 0 } = take(first.usage, 20, NOW + 10_000);
    expect(waitMs).toBeGreaterThan(50_000);
    expect(waitMs).toBeLessThan(60_000);
    expect(take(first.usage, 20, NOW + 10_000 + waitMs - 1).granted).toBe(0);
    expect(take(first.usage, 20, NOW + 10_000 + waitMs).granted).toBe(20);
  });

  it('grants more than there can ever be once nothing has been used for a minute', () => {
    const first = take(NOTHING, 2, NOW, 1_500);
    if (first.waitMs !== undefined) throw new Error('refused');
    const { waitMs = 0 } = take(first.usage, 2_000, NOW, 1_500);
    expect(waitMs).toBeGreaterThan(60_000);
    expect(take(first.usage, 2_000, NOW + waitMs, 1_500).granted).toBe(2_000);
  });

  it('forgets nothing when the clock is put back', () => {
    const first = take(NOTHING, 5_700, NOW);
    if (first.waitMs !== undefined) throw new Error('refused');
    expect(take(first.usage, 1, NOW - 3_600_000).granted).toBe(0);
  });

  it('never grants more than the budget in any minute, wherever it begins, units kept for 5 s included', () => {
    const step = fc.record({
      pass: fc.integer({ min: 0, max: 8_000 }),
      required: fc.integer({ min: 1, max: 2_000 }),
      more: fc.integer({ min: 0, max: 500 }),
      ceiling: fc.constantFrom(3_000, 5_700, 6_000),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        let [now, usage] = [NOW, NOTHING];
        const grants: { at: number; units: number }[] = [];
        for (const { pass, required, more, ceiling } of steps) {
          now += pass;
          const reservation = reserve(usage, { required, wanted: required + more, ceiling }, now);
          if (reservation.waitMs !== undefined) continue;
          usage = reservation.usage;
          grants.push({ at: now, units: reservation.granted });
        }
        for (const { at } of grants) {
          const within = grants.filter((other) => other.at >= at && other.at <= at + 65_000);
          expect(within.reduce((all, { units }) => all + units, 0)).toBeLessThanOrEqual(6_000);
        }
      }),
    );
  });
});
