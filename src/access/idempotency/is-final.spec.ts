import { isFinal } from './is-final';

describe(isFinal, () => {
  it.each([
    [201, false, true],
    [204, false, true],
    [400, false, true],
    [404, false, true],
    [409, false, true],
    [409, true, false],
    [429, true, false],
    [429, false, false],
    [500, false, false],
    [502, false, false],
    [503, true, false],
  ])('of %d, Retry-After %s: %s', (status, retryAfter, expected) => {
    expect(isFinal(status, retryAfter)).toBe(expected);
  });
});
