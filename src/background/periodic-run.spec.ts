import type { Logger } from '@nestjs/common';
import { PeriodicRun } from './periodic-run';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe(PeriodicRun, () => {
  const warnings: unknown[][] = [];
  const logger = { warn: (...words: unknown[]) => void warnings.push(words) } as unknown as Logger;
  beforeEach(() => void (warnings.length = 0));

  /** Runs that end when they are told to. */
  function openEnded() {
    const ends: ((error?: Error) => void)[] = [];
    const signals: AbortSignal[] = [];
    const periodic = new PeriodicRun(
      (signal) => {
        signals.push(signal);
        return new Promise<void>((resolve, reject) =>
          ends.push((error) => (error === undefined ? resolve() : reject(error))),
        );
      },
      logger,
      'it failed; the next one goes on',
    );
    return { periodic, ends, signals };
  }

  it('does not begin a second run while one is under way, and begins one after it', async () => {
    const { periodic, ends } = openEnded();
    periodic.begin();
    periodic.begin();
    expect(ends.length).toBe(1);
    ends[0]!();
    await turn();
    periodic.begin();
    expect(ends.length).toBe(2);
  });

  it('warns of what a run throws, and goes on with the next one', async () => {
    const { periodic, ends } = openEnded();
    periodic.begin();
    ends[0]!(new Error('the database is away'));
    await turn();
    expect(warnings).toEqual([
      [{ error: expect.stringContaining('the database is away') }, 'it failed; the next one goes on'],
    ]);
    periodic.begin();
    expect(ends.length).toBe(2);
  });

  it('stops: the run under way is told, waited for, and the last', async () => {
    const { periodic, ends, signals } = openEnded();
    periodic.begin();
    expect(signals[0]!.aborted).toBe(false);
    let stopped = false;
    const stopping = periodic.stop().then(() => (stopped = true));
    await turn();
    expect(signals[0]!.aborted).toBe(true);
    expect(stopped).toBe(false);
    ends[0]!();
    await stopping;
    periodic.begin();
    expect(ends.length).toBe(1);
  });
});
