import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { type BackgroundJob, JOB_ORDER, type JobName } from './background-job';
import { BackgroundJobs } from './background-jobs';

describe(BackgroundJobs, () => {
  /** Every job, which does nothing but record its calls; what `stop` does can be replaced. */
  function everyJob(stop: (name: JobName) => Promise<void> = async () => {}) {
    const jobs = new BackgroundJobs(new SchedulerRegistry());
    const calls: string[] = [];
    const job = (name: JobName): BackgroundJob => ({
      alive: name !== 'sync',
      start: () => void calls.push(`start ${name}`),
      wake: () => void calls.push(`wake ${name}`),
      stop: async () => {
        calls.push(`stop ${name}`);
        await stop(name);
        calls.push(`stopped ${name}`);
      },
    });
    // Whatever the order in which modules register them.
    for (const name of JOB_ORDER.flat().toSorted()) jobs.add(name, job(name));
    return { jobs, calls };
  }

  it('starts everything in order, and stops it in the opposite order, line by line', async () => {
    const { jobs, calls } = everyJob(() => new Promise((resolve) => setImmediate(resolve)));
    jobs.onApplicationBootstrap();
    expect(calls.splice(0)).toEqual(JOB_ORDER.flat().map((name) => `start ${name}`));
    await jobs.beforeApplicationShutdown();
    const lines = JOB_ORDER.toReversed().flatMap((names) => [
      ...names.map((name) => `stop ${name}`),
      ...names.map((name) => `stopped ${name}`),
    ]);
    expect(calls).toEqual(lines);
  });

  it('wakes a job by its name, and no other', () => {
    const { jobs, calls } = everyJob();
    jobs.wake('snapshot');
    expect(calls).toEqual(['wake snapshot']);
  });

  it('names the jobs that no longer poll', () => {
    expect(everyJob().jobs.stalled).toEqual(['sync']);
  });

  it('stops the others when one cannot be stopped', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { jobs, calls } = everyJob(async (name) => {
      if (name === 'delivery') throw new Error('no');
    });
    await jobs.beforeApplicationShutdown();
    expect(calls).toContain('stopped reencryption');
    expect(warn.mock.calls).toEqual([[expect.objectContaining({ job: 'delivery' }), expect.any(String)]]);
    warn.mockRestore();
  });

  it('takes each name once', () => {
    const { jobs } = everyJob();
    expect(() => jobs.addPeriodicRun('sync', { interval: 1, run: async () => {}, complaint: '' })).toThrow(
      'named sync',
    );
  });
});
