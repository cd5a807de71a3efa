import { classifyClock } from './reachability.checks';

describe(classifyClock, () => {
  it.each([
    [0, 'ok'],
    [-29, 'ok'],
    [31, 'warning'],
    [-299, 'warning'],
    [301, 'failed'],
    [-4_000, 'failed'],
    [Number.NaN, 'skipped'],
  ])('finds %i s of difference %s', (seconds, status) => expect(classifyClock(seconds).status).toBe(status));
});
