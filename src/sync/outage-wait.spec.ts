import { OutageWait } from './outage-wait';

describe(OutageWait.name, () => {
  it('grows with the outage to half a minute, and begins anew after it', () => {
    const outage = new OutageWait();
    expect([0, 1_000, 8_000, 600_000].map((ms) => outage.wait(5_000 + ms))).toEqual([
      500, 500, 2_000, 30_000,
    ]);
    outage.end();
    expect(outage.wait(900_000)).toBe(500);
  });
});
