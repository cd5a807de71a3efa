import { isFresh } from './access-token-life';

const at = (seconds: number) => new Date(1_790_000_000_000 + seconds * 1_000);

describe(isFresh, () => {
  it.each([
    ['an hour, just issued', 3_600, 0, true],
    ['an hour, with more than five minutes left', 3_600, 3_299, true],
    ['an hour, with five minutes left', 3_600, 3_300, false],
    ['an hour, expired', 3_600, 3_601, false],
    ['a minute, just issued', 60, 0, true],
    ['a minute, in its second half', 60, 31, false],
  ])('of a token that lives for %s', (_name, lifetime, age, expected) => {
    expect(isFresh(at(0), at(lifetime), at(age))).toBe(expected);
  });
});
