import { shouldDisable } from './failing-endpoint';

const DAY = 24 * 3_600_000;

describe(shouldDisable, () => {
  it.each([
    [5 * DAY, 3, true],
    [30 * DAY, 100, true],
    [5 * DAY - 1, 100, false],
    [30 * DAY, 2, false],
  ])('after %i ms with %i dead: %s', (failingFor, dead, expected) => {
    expect(shouldDisable(failingFor, dead)).toBe(expected);
  });
});
