import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { describeError } from '../common/describe-error';
import { WatchSettings } from '../config/settings';
import { CLAIM_HEARTBEAT } from '../database/replica';
import { WatchRenewalService } from './watch-renewal.service';
import { WatchStore } from './watch.store';

const NAME = 'watch-renewal';

/** Looks for due watches every `WATCH_RENEWAL_INTERVAL`, and once at the start for what ran out while nothing ran. */
@Injectable()
export class WatchRenewalJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(WatchRenewalJob.name);
  private readonly abort = new AbortController();
  private run: Promise<void> | undefined;

  constructor(
    private readonly scheduler: SchedulerRegistry,
    private readonly renewals: WatchRenewalService,
    private readonly store: WatchStore,
    private readonly settings: WatchSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.addInterval(
      NAME,
      setInterval(() => this.look(), this.settings.renewalInterval),
    );
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await this.run;
  }

  /** A run that takes longer than the interval is not joined by a second one. */
  private look(): void {
    this.run ??= this.renew().finally(() => (this.run = undefined));
  }

  private async renew(): Promise<void> {
    const heartbeat = setInterval(
      () => void this.store.renewClaims().catch(() => undefined),
      CLAIM_HEARTBEAT,
    );
    try {
      await this.renewals.renewDue(this.abort.signal);
    } catch (error) {
      this.logger.warn({ error: describeError(error) }, 'the renewal run ended early; the next one goes on');
    } finally {
      clearInterval(heartbeat);
    }
  }
}
