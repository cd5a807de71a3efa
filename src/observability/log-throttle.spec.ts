import { LogThrottle } from './log-throttle';

describe(LogThrottle.name, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('reports the first at once, the others by their number, and the next run anew', () => {
    const reported: [string, number][] = [];
    const line = new LogThrottle((...more) => reported.push(more));
    expect([line.isFirst('away'), line.isFirst('away'), line.isFirst('away')]).toEqual([true, false, false]);
    expect(line.isFirst('slow')).toBe(true);
    expect(reported).toEqual([]);
    jest.advanceTimersByTime(60_000);
    expect(reported).toEqual([['away', 2]]);
    expect(line.isFirst('away')).toBe(false);
    jest.advanceTimersByTime(120_000);
    expect(reported).toEqual([
      ['away', 2],
      ['away', 1],
    ]);
    expect(line.isFirst('away')).toBe(true);
  });
});
