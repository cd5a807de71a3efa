import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { describeError } from '../common/describe-error';
import { type BackgroundJob, JOB_ORDER, type JobName } from './background-job';
import { PeriodicRun, type PeriodicRunOptions } from './periodic-run';
import { WorkLoop, type WorkLoopOptions } from './work-loop';

/** The one life of all background work: every loop and every periodic run starts, is woken, is well and stops by its name. */
@Injectable()
export class BackgroundJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BackgroundJobs.name);
  private readonly jobs = new Map<JobName, BackgroundJob>();

  constructor(private readonly scheduler: SchedulerRegistry) {}

  /** Registers a job of a kind of its own. Call before the application has started. */
  add(name: JobName, job: BackgroundJob): void {
    if (this.jobs.has(name)) throw new Error(`There is a job named ${name} already.`);
    this.jobs.set(name, job);
  }

  /** Registers a loop that claims what is due and works on it. */
  addLoop<T>(name: JobName, options: WorkLoopOptions<T>): WorkLoop<T> {
    const loop = new WorkLoop(name, options);
    this.add(name, loop);
    return loop;
  }

  /** Registers a scheduled job: something that is done at the start, and then once in each interval. */
  addPeriodicRun(name: JobName, options: PeriodicRunOptions): void {
    this.add(name, new PeriodicRun(name, this.scheduler, options));
  }

  /** There may be work for this job: it polls now. */
  wake(name: JobName): void {
    this.jobs.get(name)?.wake();
  }

  /** The names of those that no longer poll for work. */
  get stalled(): JobName[] {
    return [...this.jobs].flatMap(([name, { alive }]) => (alive ? [] : [name]));
  }

  onApplicationBootstrap(): void {
    for (const name of JOB_ORDER.flat()) this.jobs.get(name)?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const names of JOB_ORDER.toReversed()) await Promise.all(names.map((name) => this.stop(name)));
  }

  private async stop(name: JobName): Promise<void> {
    try {
      await this.jobs.get(name)?.stop();
    } catch (error) {
      // The others have to be stopped nevertheless.
      this.logger.warn({ job: name, error: describeError(error) }, 'a job did not stop as it should');
    }
  }
}
