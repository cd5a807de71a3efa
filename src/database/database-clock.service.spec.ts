import type { DataSource } from 'typeorm';
import { DatabaseClock } from './database-clock.service';

const HOUR_MS = 3_600_000;

describe(DatabaseClock, () => {
  const query = jest.fn();
  let clock: DatabaseClock;
  beforeEach(() => {
    query.mockReset().mockImplementation(() => Promise.resolve([{ now: Date.now() + HOUR_MS }]));
    clock = new DatabaseClock({ query } as unknown as DataSource);
  });
  afterEach(() => jest.restoreAllMocks());

  const ahead = async () => Math.round(((await clock.now()).getTime() - Date.now()) / 1_000) * 1_000;

  it('says what the database says, which is asked once', async () => {
    expect(await Promise.all([ahead(), ahead(), ahead()])).toEqual([HOUR_MS, HOUR_MS, HOUR_MS]);
    expect(await ahead()).toBe(HOUR_MS);
    expect(query).toHaveBeenCalledTimes(1);
  });

  it('asks again when our own clock was set, or the machine was suspended', async () => {
    await clock.now();
    const later = Date.now() + HOUR_MS;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    expect(await ahead()).toBe(HOUR_MS);
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('is our own clock until the database was reached, and goes on when it is away', async () => {
    query.mockRejectedValueOnce(new Error('away'));
    expect(await ahead()).toBe(0);
    expect(await ahead()).toBe(HOUR_MS);
    query.mockRejectedValue(new Error('away'));
    expect(await ahead()).toBe(HOUR_MS);
  });
});
