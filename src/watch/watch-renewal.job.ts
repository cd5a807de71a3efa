import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../background/replica';
import { WatchSettings } from '../config/settings';
import { WatchRenewalService } from './watch-renewal.service';
import { WatchStore } from './watch.store';

/**
 * Renews due watches every `WATCH_RENEWAL_INTERVAL`, and once at the start for what ran out while nothing ran. What runs out
 * while a long run of renewals is under way is reported meanwhile.
 */
@Injectable()
export class WatchRenewalJob {
  constructor(
    private readonly renewals: WatchRenewalService,
    private readonly store: WatchStore,
    settings: WatchSettings,
    jobs: BackgroundJobs,
  ) {
    jobs.addPeriodicRun('watch-renewal', {
      interval: settings.renewalInterval,
      run: (signal) => this.renew(signal),
      complaint: 'the renewal run ended early; the next one goes on',
    });
    jobs.addPeriodicRun('watch-expiry', {
      interval: settings.renewalInterval,
      run: (signal) => this.renewals.reportExpired(signal),
      complaint: 'not every watch that ran out was reported; the next run goes on',
    });
  }

  private async renew(signal: AbortSignal): Promise<void> {
    const heartbeat = setInterval(
      () => void this.store.renewClaims().catch(() => undefined),
      CLAIM_RENEWAL_INTERVAL_MS,
    );
    try {
      await this.renewals.renewDue(signal);
    } finally {
      clearInterval(heartbeat);
    }
  }
}
