import { Injectable } from '@nestjs/common';
import { Metrics } from '../observability/metrics';
import { BackgroundJobs } from '../background/background-jobs';
import { QuotaSettings } from '../config/settings';

/** What this process is doing just now, and within which bounds. */
@Injectable()
export class ProcessGaugesService {
  constructor(metrics: Metrics, loops: BackgroundJobs, quota: QuotaSettings) {
    metrics.ownGauge(
      'stalled_jobs',
      'Jobs of this process that no longer look for work',
      () => loops.stalled.length,
    );
    metrics.ownGauge(
      'gmail_quota_limit_units',
      'Quota units that all replicas together may spend a minute',
      () => quota.perProject,
    );
  }
}
