import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { PeriodicRun } from '../background/periodic-run';
import { WatchSettings } from '../config/settings';
import { CLAIM_HEARTBEAT } from '../background/replica';
import { WatchRenewalService } from './watch-renewal.service';
import { WatchStore } from './watch.store';

const NAME = 'watch-renewal';

/** Looks for due watches every `WATCH_RENEWAL_INTERVAL`, and once at the start for what ran out while nothing ran. */
@Injectable()
export class WatchRenewalJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly renewal = new PeriodicRun(
    (signal) => this.renew(signal),
    new Logger(WatchRenewalJob.name),
    'the renewal run ended early; the next one goes on',
  );

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly renewals: WatchRenewalService,
    private readonly store: WatchStore,
    private readonly settings: WatchSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.addInterval(NAME, setInterval(this.renewal.begin, this.settings.renewalInterval));
    this.renewal.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.renewal.stop();
  }

  private async renew(signal: AbortSignal): Promise<void> {
    const heartbeat = setInterval(
      () => void this.store.renewClaims().catch(() => undefined),
      CLAIM_HEARTBEAT,
    );
    try {
      await this.renewals.renewDue(signal);
    } finally {
      clearInterval(heartbeat);
    }
  }
}
