import { readRetryAfter, readRetryAfterText } from './retry-after';

const now = Date.parse('2026-01-01T00:00:00Z');

describe(readRetryAfter, () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1_500],
    ['-1', undefined],
    ['5 May', undefined],
    ['2026-01-01T00:00:05', 5_000],
    ['Thu, 01 Jan 2026 00:01:30', undefined],
    ['Thursday, 01-Jan-26 00:01:30 GMT', 90_000],
    ['Thu Jan  1 00:01:30 2026', 90_000],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['99999999999999999999', 86_400_000],
  ])('%s: %s ms', (header, expected) => expect(readRetryAfter(header, { now })).toBe(expected));
});

describe(readRetryAfterText, () => {
  it.each([
    ['User-rate limit exceeded.  Retry after 2026-01-01T00:15:30.500Z', 930_500],
    ['Rate Limit Exceeded (Retry after 2026-01-01T00:00:01Z).', 1_000],
    ['Rate Limit Exceeded', undefined],
    ['Rate Limit Exceeded. Retry after 5 seconds.', 5_000],
    ['Retry after 30s', 30_000],
    ['Retry after 2 minutes', 120_000],
    ['Retry after 2026-01-01T00:00:05.', 5_000],
    ['Retry after 5', undefined],
    ['Retry after a while', undefined],
  ])('%s: %s ms', (message, expected) => expect(readRetryAfterText(message, { now })).toBe(expected));
});

describe('a time that another machine names', () => {
  const date = 'Thu, 01 Jan 2026 00:00:20 GMT';

  it('is one of its own clock', () => {
    expect(readRetryAfter('Thu, 01 Jan 2026 00:00:23 GMT', { now, date })).toBe(3_000);
    expect(readRetryAfterText('Retry after 2026-01-01T00:00:23Z', { now, date })).toBe(3_000);
    expect(readRetryAfter('Thu, 01 Jan 2026 00:00:23 GMT', { now, date: 'today' })).toBe(23_000);
  });

  it('is none when it says how long', () => expect(readRetryAfter('3', { now, date })).toBe(3_000));
});
