import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { describeError } from '../common/describe-error';
import { EventSettings } from '../config/settings';
import { RetentionService } from './retention.service';

const NAME = 'event-retention';

/** How often it looks, in milliseconds: ten times within the retention, within these bounds. */
const RAREST = 60_000;
const MOST_OFTEN = 1_000;

/** Looks for events that are older than the retention. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RetentionJob.name);
  private readonly abort = new AbortController();
  private run: Promise<void> | undefined;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly retention: RetentionService,
    private readonly settings: EventSettings,
  ) {}

  onApplicationBootstrap(): void {
    const interval = Math.min(RAREST, Math.max(MOST_OFTEN, this.settings.retention / 10));
    this.scheduler.addInterval(
      NAME,
      setInterval(() => this.look(), interval),
    );
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.run;
  }

  /** A run that takes longer than the interval is not joined by a second one. */
  private look(): void {
    this.run ??= this.retention
      .run(this.abort.signal)
      .catch((error: unknown) =>
        this.logger.warn(
          { error: describeError(error) },
          'the retention run ended early; the next one goes on',
        ),
      )
      .finally(() => (this.run = undefined));
  }
}
