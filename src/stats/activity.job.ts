import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { BackgroundJobs } from '../background/background-jobs';
import { PeriodicRun } from '../background/periodic-run';
import { ActivityService } from './activity.service';

/** Numbers are at most 15 s old. A process that does nothing writes nothing. */
const INTERVAL_MS = 10_000;

/** Writes down what was counted, in its time and at the end: all other jobs have stopped by then. */
@Injectable()
export class ActivityJob {
  constructor(jobs: BackgroundJobs, scheduler: SchedulerRegistry, activity: ActivityService) {
    const run = new PeriodicRun('activity', scheduler, {
      interval: INTERVAL_MS,
      run: () => activity.flush(),
      complaint: 'what was counted for the statistics was not written down; the next run will',
    });
    jobs.add('activity', {
      start: () => run.start(),
      wake: () => run.wake(),
      alive: true,
      stop: async () => {
        await run.stop();
        await activity.flush();
      },
    });
  }
}
