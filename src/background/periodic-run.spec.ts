import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { PeriodicRun } from './periodic-run';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe(PeriodicRun, () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const scheduler = new SchedulerRegistry();
  beforeEach(() => warn.mockClear());
  afterAll(() => warn.mockRestore());

  /** Runs that end when they are asked to. */
  function openEnded() {
    const ends: ((error?: Error) => void)[] = [];
    const signals: AbortSignal[] = [];
    const periodic = new PeriodicRun('watch-renewal', scheduler, {
      interval: 10,
      run: (signal) => {
        signals.push(signal);
        return new Promise<void>((resolve, reject) =>
          ends.push((error) => (error === undefined ? resolve() : reject(error))),
        );
      },
      complaint: 'it failed; the next one goes on',
    });
    return { periodic, ends, signals };
  }

  it('does not begin a second run while one is under way, and begins one after it', async () => {
    const { periodic, ends } = openEnded();
    periodic.wake();
    periodic.wake();
    expect(ends.length).toBe(1);
    ends[0]!();
    await turn();
    periodic.wake();
    expect(ends.length).toBe(2);
  });

  it('warns of what a run throws, and goes on with the next one', async () => {
    const { periodic, ends } = openEnded();
    periodic.wake();
    ends[0]!(new Error('the database is away'));
    await turn();
    expect(warn.mock.calls).toEqual([
      [{ error: expect.stringContaining('the database is away') }, 'it failed; the next one goes on'],
    ]);
    periodic.wake();
    expect(ends.length).toBe(2);
  });

  it('stops: the run under way is aborted, waited for, and the last', async () => {
    const { periodic, ends, signals } = openEnded();
    periodic.wake();
    expect(signals[0]!.aborted).toBe(false);
    let stopped = false;
    const stopping = periodic.stop().then(() => (stopped = true));
    await turn();
    expect(signals[0]!.aborted).toBe(true);
    expect(stopped).toBe(false);
    ends[0]!();
    await stopping;
    periodic.wake();
    expect(ends.length).toBe(1);
  });

  it('is a scheduled job: it runs at its start and once in each interval, until it is stopped', async () => {
    const thrice = Promise.withResolvers<void>();
    let runs = 0;
    const run = async () => void (++runs === 3 && thrice.resolve());
    const periodic = new PeriodicRun('watch-renewal', scheduler, { interval: 1, run, complaint: 'none' });
    periodic.start();
    expect(runs).toBe(1);
    expect(scheduler.getIntervals()).toEqual(['watch-renewal']);
    await thrice.promise;
    await periodic.stop();
    expect(scheduler.getIntervals()).toEqual([]);
  });

  it.each([
    ['25 days, which is more than a timer can wait for', 25 * 24 * 3_600_000],
    ['a thousand years', 1_000 * 365 * 24 * 3_600_000],
    ['no end', Infinity],
  ])('does not run without a pause when its interval is %s', async (_name, interval) => {
    const set = jest.spyOn(global, 'setInterval');
    const periodic = new PeriodicRun('watch-renewal', scheduler, {
      interval,
      run: async () => {},
      complaint: 'none',
    });
    periodic.start();
    // Node makes 1 ms of whatever is above this.
    expect(set).toHaveBeenCalledWith(expect.any(Function), 2 ** 31 - 1);
    await periodic.stop();
    set.mockRestore();
  });
});
