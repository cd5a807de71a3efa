import { LogThrottle } from './log-throttle';

describe(LogThrottle.name, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells of the first at once, of the others by their number, and of the next run anew', () => {
    const told: [string, number][] = [];
    const line = new LogThrottle((...more) => told.push(more));
    expect([line.isFirst('away'), line.isFirst('away'), line.isFirst('away')]).toEqual([true, false, false]);
    expect(line.isFirst('slow')).toBe(true);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([['away', 2]]);
    expect(line.isFirst('away')).toBe(false);
    jest.advanceTimersByTime(120_000);
    expect(told).toEqual([
      ['away', 2],
      ['away', 1],
    ]);
    expect(line.isFirst('away')).toBe(true);
  });
});
