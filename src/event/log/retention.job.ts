import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { PeriodicRun } from '../../background/periodic-run';
import { EventSettings } from '../../config/settings';
import { RetentionService } from './retention.service';

const NAME = 'event-retention';

/** How often it looks, in milliseconds: ten times within the retention, within these bounds. */
const RAREST = 60_000;
const MOST_OFTEN = 1_000;

/** Looks for events that are older than the retention. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly trimming;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    retention: RetentionService,
    private readonly settings: EventSettings,
  ) {
    this.trimming = new PeriodicRun(
      (signal) => retention.run(signal),
      new Logger(RetentionJob.name),
      'the retention run ended early; the next one goes on',
    );
  }

  onApplicationBootstrap(): void {
    const interval = Math.min(RAREST, Math.max(MOST_OFTEN, this.settings.retention / 10));
    this.scheduler.addInterval(NAME, setInterval(this.trimming.begin, interval));
    this.trimming.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.trimming.stop();
  }
}
