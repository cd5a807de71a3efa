import { readBackfillSince } from './backfill-since';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-05-01T12:00:00Z');
const bounds = { retention: 30 * DAY_MS, now: NOW };
const at = (ms: number) => new Date(NOW - ms).toISOString();

describe(readBackfillSince, () => {
  it('allows what is no further back than the events live, a request on its way included', () => {
    expect(readBackfillSince('since', at(30 * DAY_MS + 5_000), bounds).getTime()).toBe(
      NOW - 30 * DAY_MS - 5_000,
    );
  });

  it.each([
    [at(31 * DAY_MS), 'backfillSince must be at most 30 days back'],
    [at(-1), 'backfillSince must not be in the future'],
    ['2026-02-30T00:00:00Z', 'backfillSince must be a time that exists'],
  ])('refuses %s', (text, message) => {
    expect(() => readBackfillSince('backfillSince', text, bounds)).toThrow(message);
  });

  it('allows any time in the past when it is forced', () => {
    expect(readBackfillSince('since', at(900 * DAY_MS), { ...bounds, force: true })).toBeInstanceOf(Date);
    expect(() => readBackfillSince('since', at(-1), { ...bounds, force: true })).toThrow('future');
  });
});
