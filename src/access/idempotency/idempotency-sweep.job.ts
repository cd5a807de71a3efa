import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { describeError } from '../../common/describe-error';
import { IdempotencySweepService } from './idempotency-sweep.service';

/** How often, in milliseconds, is looked: older answers count no more, wherever they are. */
const EVERY = 10 * 60_000;

/** Looks for answers of more than a day ago, at the start and from time to time. */
@Injectable()
export class IdempotencySweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(IdempotencySweepJob.name);
  private readonly abort = new AbortController();
  private run: Promise<void> | undefined;

  constructor(private readonly sweep: IdempotencySweepService) {}

  onApplicationBootstrap(): void {
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.run;
  }

  /** A look that takes longer than the interval is not joined by a second one. */
  @Interval(EVERY)
  look(): void {
    this.run ??= this.sweep
      .run(this.abort.signal)
      .catch((error: unknown) =>
        this.logger.warn({ error: describeError(error) }, 'old answers were not swept; the next look will'),
      )
      .finally(() => (this.run = undefined));
  }
}
