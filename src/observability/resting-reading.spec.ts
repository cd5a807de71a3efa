import { RestingReading } from './resting-reading';

describe(RestingReading, () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Takes these times one after the other, the last one ever again, and gives how often it was read. */
  const taking = (...milliseconds: number[]) => {
    let times = 0;
    const read = async () => {
      jest.advanceTimersByTime(milliseconds[times] ?? milliseconds.at(-1)!);
      return Promise.resolve(++times);
    };
    return new RestingReading(read, { slowMs: 10, restFactor: 20 });
  };

  it('reads what is quick each time', async () => {
    const reading = taking(5);
    expect([await reading.current(), await reading.current()]).toEqual([1, 2]);
  });

  it('gives what took long twice again, until twenty times as long has passed', async () => {
    const reading = taking(100);
    expect([await reading.current(), await reading.current(), await reading.current()]).toEqual([1, 2, 2]);
    jest.advanceTimersByTime(1_999);
    expect(await reading.current()).toBe(2);
    jest.advanceTimersByTime(1);
    expect(await reading.current()).toBe(3);
  });

  it('does not rest after one slow reading, and rests as long as the quicker one of two asks for', async () => {
    const reading = taking(5, 1_000, 50, 50);
    for (const expected of [1, 2, 3, 3]) expect(await reading.current()).toBe(expected);
    jest.advanceTimersByTime(20 * 50);
    expect(await reading.current()).toBe(4);
  });

  it('keeps nothing of what can no longer be read', async () => {
    let isThere = true;
    const read = async () => (isThere ? Promise.resolve('here') : Promise.reject(new Error('away')));
    const reading = new RestingReading(read, { slowMs: 10, restFactor: 20 });
    expect([await reading.current(), reading.value]).toEqual(['here', 'here']);
    isThere = false;
    await expect(reading.current()).rejects.toThrow('away');
    expect(reading.value).toBeUndefined();
  });

  it('reads again what it was made to forget, rest or not', async () => {
    const reading = taking(100);
    await reading.current();
    await reading.current();
    reading.forget();
    expect(reading.value).toBeUndefined();
    expect(await reading.current()).toBe(3);
  });
});
