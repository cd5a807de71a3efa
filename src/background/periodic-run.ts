import { Logger } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { describeError } from '../common/describe-error';
import type { BackgroundJob } from './background-job';
import { intervalDelay } from './timer-delay';

export interface PeriodicRunOptions {
  /** Milliseconds between the beginnings of two runs: less where no timer lasts that long (24.8 days). */
  interval: number;
  /** Ends early when its signal is aborted. */
  run: (signal: AbortSignal) => Promise<unknown>;
  /** What the log says of a run that fails. */
  complaint: string;
}

/**
 * A scheduled job: runs at the start and then once in each interval. Never twice at once, so that a run which takes longer
 * than the interval is not joined by a second one, and not again once it was asked to stop. What a run throws is a warning,
 * and the next one goes on.
 */
export class PeriodicRun implements BackgroundJob {
  /** A run that fails is repeated in its time: no reason for the health check to take the replica out of service. */
  readonly alive = true;

  private readonly logger: Logger;
  private readonly abort = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly scheduler: SchedulerRegistry,
    private readonly options: PeriodicRunOptions,
  ) {
    this.logger = new Logger(name);
  }

  start(): void {
    this.scheduler.addInterval(
      this.name,
      setInterval(() => this.wake(), intervalDelay(this.options.interval)),
    );
    this.wake();
  }

  /** Begins a run, unless one is under way. */
  wake(): void {
    if (!this.abort.signal.aborted) this.running ??= this.run().finally(() => (this.running = undefined));
  }

  async stop(): Promise<void> {
    this.abort.abort();
    // At shutdown the scheduler may have removed it first.
    if (this.scheduler.doesExist('interval', this.name)) this.scheduler.deleteInterval(this.name);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.options.run(this.abort.signal);
    } catch (error) {
      this.logger.warn({ error: describeError(error) }, this.options.complaint);
    }
  }
}
