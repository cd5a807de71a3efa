import { rested } from './rested-reading';

describe(rested, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Takes so long, and gives how often it was read. */
  const taking = (milliseconds: number) => {
    let times = 0;
    return rested(async () => {
      jest.advanceTimersByTime(milliseconds);
      return Promise.resolve(++times);
    });
  };

  it('reads what is quick each time', async () => {
    const read = taking(5);
    expect([await read(), await read()]).toEqual([1, 2]);
  });

  it('gives what took long again, until twenty times as long has passed', async () => {
    const read = taking(100);
    expect([await read(), await read()]).toEqual([1, 1]);
    jest.advanceTimersByTime(1_999);
    expect(await read()).toBe(1);
    jest.advanceTimersByTime(1);
    expect(await read()).toBe(2);
  });
});
