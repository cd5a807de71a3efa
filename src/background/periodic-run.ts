import type { Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';

/**
 * What a periodic job does each time: never twice at once, so that a run which takes longer than the interval is not joined
 * by a second one, and not again once it was told to stop. What a run throws is a warning, and the next one goes on.
 */
export class PeriodicRun {
  private readonly abort = new AbortController();
  private running: Promise<void> | undefined;

  /**
   * @param task ends early when its signal is aborted
   * @param complaint what the log says of a run that fails
   */
  constructor(
    private readonly task: (signal: AbortSignal) => Promise<unknown>,
    private readonly logger: Logger,
    private readonly complaint: string,
  ) {}

  /** Begins a run, unless one is under way. */
  readonly begin = (): void => {
    if (!this.abort.signal.aborted) this.running ??= this.run().finally(() => (this.running = undefined));
  };

  /** Tells the run under way to end, and resolves when it has. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      await this.task(this.abort.signal);
    } catch (error) {
      this.logger.warn({ error: describeError(error) }, this.complaint);
    }
  }
}
