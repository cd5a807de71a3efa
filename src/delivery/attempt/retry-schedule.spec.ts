import { waitAfterFailure } from './retry-schedule';

const DELAYS = [5_000, 300_000, 1_800_000];

describe(waitAfterFailure, () => {
  it('differs by at most a fifth from the setting', () => {
    expect(waitAfterFailure(1, DELAYS, 0, () => 0)).toBe(4_000);
    expect(waitAfterFailure(1, DELAYS, 0, () => 0.5)).toBe(5_000);
    expect(waitAfterFailure(1, DELAYS, 0, () => 1)).toBe(6_000);
  });

  it('takes the next wait after each failure, and none after the last', () => {
    const waits = [1, 2, 3, 4, 5].map((failures) => waitAfterFailure(failures, DELAYS, 0, () => 0.5));
    expect(waits).toEqual([5_000, 300_000, 1_800_000, undefined, undefined]);
  });

  it('waits for the longer of the schedule and what the receiver asked for', () => {
    expect(waitAfterFailure(1, DELAYS, 60_000, () => 0.5)).toBe(60_000);
    expect(waitAfterFailure(2, DELAYS, 60_000, () => 0.5)).toBe(300_000);
  });

  it('is dead after the last attempt whatever the receiver asked for', () => {
    expect(waitAfterFailure(4, DELAYS, 60_000)).toBeUndefined();
  });
});
