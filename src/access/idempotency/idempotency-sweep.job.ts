import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PeriodicRun } from '../../background/periodic-run';
import { IdempotencySweepService } from './idempotency-sweep.service';

/** How often, in milliseconds, is looked: older answers count no more, wherever they are. */
const EVERY = 10 * 60_000;

/** Looks for answers of more than a day ago, at the start and from time to time. */
@Injectable()
export class IdempotencySweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeping;

  constructor(sweep: IdempotencySweepService) {
    this.sweeping = new PeriodicRun(
      (signal) => sweep.run(signal),
      new Logger(IdempotencySweepJob.name),
      'old answers were not swept; the next look will',
    );
  }

  onApplicationBootstrap(): void {
    this.look();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeping.stop();
  }

  @Interval(EVERY)
  look(): void {
    this.sweeping.begin();
  }
}
