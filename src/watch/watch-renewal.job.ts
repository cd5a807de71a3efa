import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { CLAIM_HEARTBEAT } from '../background/replica';
import { WatchSettings } from '../config/settings';
import { WatchRenewalService } from './watch-renewal.service';
import { WatchStore } from './watch.store';

/** Renews due watches every `WATCH_RENEWAL_INTERVAL`, and once at the start for what ran out while nothing ran. */
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
