import { parseDuration } from './duration';

describe(parseDuration, () => {
  it.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    ['0s', 0],
  ])('reads %s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  it.each(['', '10', 'm', '-1s', '1.5h', '1 h', '1w', '1h30m'])('refuses %p', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );
});
