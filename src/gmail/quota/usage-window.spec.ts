import fc from 'fast-check';
import { draw, type UsageWindow } from './usage-window';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const NOTHING: UsageWindow = { slot: 0, units: [] };

describe(draw, () => {
  const take = (before: UsageWindow, least: number, now: number, ceiling = 5_700, wanted = least) =>
    draw(before, { least, wanted, ceiling }, now);

  it('grants what is needed while there is some', () => {
    const first = take(NOTHING, 5_000, NOW);
    if (first.wait !== undefined) throw new Error('refused');
    expect(first.granted).toBe(5_000);
    expect(take(first.spending, 700, NOW)).toMatchObject({ granted: 700 });
    expect(take(first.spending, 701, NOW)).toMatchObject({ granted: 0 });
  });

  it('grants what is wanted besides while there is plenty, and less and less after that', () => {
    const grantedAfter = (spent: number) => {
      const before = { slot: Math.floor(NOW / 2_500), units: [spent] };
      return take(before, 2, NOW, 5_700, 122).granted;
    };
    expect([0, 4_000, 5_000, 5_690].map(grantedAfter)).toEqual([122, 122, 87, 2]);
  });

  it('tells when it is worth asking again: then what is needed is there', () => {
    const first = take(NOTHING, 5_700, NOW);
    if (first.wait !== undefined) throw new Error('refused');
    const { wait = 0 } = take(first.spending, 20, NOW + 10_000);
    expect(wait).toBeGreaterThan(50_000);
    expect(wait).toBeLessThan(60_000);
    expect(take(first.spending, 20, NOW + 10_000 + wait - 1).granted).toBe(0);
    expect(take(first.spending, 20, NOW + 10_000 + wait).granted).toBe(20);
  });

  it('grants more than there can ever be once nothing has been spent for a minute', () => {
    const first = take(NOTHING, 2, NOW, 1_500);
    if (first.wait !== undefined) throw new Error('refused');
    const { wait = 0 } = take(first.spending, 2_000, NOW, 1_500);
    expect(wait).toBeGreaterThan(60_000);
    expect(take(first.spending, 2_000, NOW + wait, 1_500).granted).toBe(2_000);
  });

  it('forgets nothing when the clock is put back', () => {
    const first = take(NOTHING, 5_700, NOW);
    if (first.wait !== undefined) throw new Error('refused');
    expect(take(first.spending, 1, NOW - 3_600_000).granted).toBe(0);
  });

  it('never grants more than the budget in any minute, wherever it begins, units kept for 5 s included', () => {
    const step = fc.record({
      pass: fc.integer({ min: 0, max: 8_000 }),
      least: fc.integer({ min: 1, max: 2_000 }),
      more: fc.integer({ min: 0, max: 500 }),
      ceiling: fc.constantFrom(3_000, 5_700, 6_000),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 200 }), (steps) => {
        let [now, spending] = [NOW, NOTHING];
        const grants: { at: number; units: number }[] = [];
        for (const { pass, least, more, ceiling } of steps) {
          now += pass;
          const drawn = draw(spending, { least, wanted: least + more, ceiling }, now);
          if (drawn.wait !== undefined) continue;
          spending = drawn.spending;
          grants.push({ at: now, units: drawn.granted });
        }
        for (const { at } of grants) {
          const within = grants.filter((other) => other.at >= at && other.at <= at + 65_000);
          expect(within.reduce((all, { units }) => all + units, 0)).toBeLessThanOrEqual(6_000);
        }
      }),
    );
  });
});
