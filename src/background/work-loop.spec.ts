import { Logger } from '@nestjs/common';
import { WorkLoop } from './work-loop';

describe(WorkLoop, () => {
  beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockReturnValue());
  afterEach(() => jest.restoreAllMocks());

  it('renews the claims of running items only, not of one whose run has ended', async () => {
    const due = ['ends', 'lasts'];
    const end = Promise.withResolvers<void>();
    const renewed = Promise.withResolvers<string[]>();
    const loop = new WorkLoop<string>('sync', {
      concurrency: 2,
      pollInterval: 1_000,
      claim: async (limit) => due.splice(0, limit),
      run: (item) => (item === 'ends' ? Promise.reject(new Error('the database is away')) : end.promise),
      heartbeat: { interval: 1, renew: async (running) => renewed.resolve(running) },
      shutdownTimeout: 1_000,
    });
    loop.start();
    expect(await renewed.promise).toEqual(['lasts']);
    end.resolve();
    await loop.stop();
  });

  it('renews what has not been renewed for long before it claims more: it must not take over from itself', async () => {
    const due = ['lasts'];
    const end = Promise.withResolvers<void>();
    const calls: string[] = [];
    let isAway = true;
    const renewed = Promise.withResolvers<void>();
    const loop = new WorkLoop<string>('sync', {
      concurrency: 2,
      pollInterval: 20,
      claim: async (limit) => {
        calls.push('claim');
        return due.splice(0, limit);
      },
      run: () => end.promise,
      heartbeat: {
        interval: 10,
        renew: async () => {
          if (isAway) throw new Error('the database is away');
          calls.push('renew');
          renewed.resolve();
        },
      },
      shutdownTimeout: 1_000,
    });
    loop.start();
    // The claims of others have run out by then, and the renewals have failed.
    await new Promise((resolve) => setTimeout(resolve, 50));
    calls.length = 0;
    for (let n = 0; n < 5; n++) {
      loop.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(calls).toEqual([]);
    isAway = false;
    await renewed.promise;
    loop.wake();
    expect(calls[0]).toBe('renew');
    end.resolve();
    await loop.stop();
  });

  it('polls without finding work at most so often, whoever wakes it and however often, and never misses a wake-up', async () => {
    const due: string[] = [];
    const done = Promise.withResolvers<void>();
    let polls = 0;
    const loop = new WorkLoop<string>('sync', {
      concurrency: 1,
      pollInterval: 60_000,
      claim: async (limit) => {
        polls++;
        return due.splice(0, limit);
      },
      run: async () => done.resolve(),
      shutdownTimeout: 1_000,
    });
    loop.start();
    const end = performance.now() + 400;
    while (performance.now() < end) {
      loop.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    // 20 at once, and one more in each 20 ms; thousands without a floor.
    expect(polls).toBeLessThanOrEqual(20 + 400 / 20 + 2);
    due.push('work');
    loop.wake();
    await done.promise;
    await loop.stop();
  });

  it('claims again at once for as long as there is work', async () => {
    let left = 500;
    const done = Promise.withResolvers<void>();
    const began = performance.now();
    const loop = new WorkLoop<number>('sync', {
      concurrency: 1,
      pollInterval: 60_000,
      claim: async () => (left > 0 ? [left--] : []),
      run: async (item) => void (item === 1 && done.resolve()),
      shutdownTimeout: 1_000,
    });
    loop.start();
    await done.promise;
    expect(performance.now() - began).toBeLessThan((500 * 20) / 2);
    await loop.stop();
  });

  it('is alive while one poll follows the other without a break, however long that lasts', async () => {
    let now = performance.now();
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const seen: boolean[] = [];
    const done = Promise.withResolvers<void>();
    const loop = new WorkLoop<string>('sync', {
      concurrency: 2,
      pollInterval: 1_000,
      claim: async () => {
        now += 4_000;
        seen.push(loop.alive);
        if (seen.length < 10) loop.wake();
        else done.resolve();
        return ['work'];
      },
      run: async () => Infinity,
      shutdownTimeout: 1_000,
    });
    loop.start();
    await done.promise;
    await loop.stop();
    expect(seen).toEqual(new Array(10).fill(true));
  });

  it('polls on time for what is due again later than the next poll, once for all that is due at the same time', async () => {
    const WAIT_MS = 1_010;
    let claimedAt = 0;
    let polls = 0;
    const again = Promise.withResolvers<number>();
    const due = Array.from({ length: 50 }, (_, n) => n);
    const loop = new WorkLoop<number>('sync', {
      concurrency: 100,
      pollInterval: 1_000,
      claim: async () => {
        polls++;
        if (polls > 1 && performance.now() - claimedAt >= WAIT_MS)
          again.resolve(performance.now() - claimedAt);
        claimedAt ||= performance.now();
        return due.splice(0);
      },
      run: async () => WAIT_MS,
      shutdownTimeout: 1_000,
    });
    loop.start();
    // The poll that comes anyway finds it too early; the next one of its kind comes after two seconds.
    expect(await again.promise).toBeLessThan(1_900);
    expect(polls).toBeLessThan(10);
    await loop.stop();
  });

  it.each([
    ['at once, when it does not say', undefined, 2, 2],
    ['at once, when it is due again', 0, 2, 2],
    ['not on its account, when nothing is left', Infinity, 2, 1],
    ['at once, when others may have waited for its place', Infinity, 1, 2],
  ])('polls after an item %s', async (_when, dueIn, concurrency, polls) => {
    const [claimed, done] = [jest.fn(), Promise.withResolvers<void>()];
    let due = ['item'];
    const loop = new WorkLoop<string>('sync', {
      concurrency,
      pollInterval: 60_000,
      claim: async () => {
        claimed();
        const items = due;
        due = [];
        return items;
      },
      run: async () => (done.resolve(), dueIn),
      shutdownTimeout: 1_000,
    });
    loop.start();
    await done.promise;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(claimed).toHaveBeenCalledTimes(polls);
    await loop.stop();
  });
});
