import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import { IdempotencyService } from './idempotency.service';

/** Renews the claims of the requests that are being done, so that they are short: a dead process keeps no key for long. */
@Injectable()
export class IdempotencyRenewalJob {
  constructor(idempotency: IdempotencyService, jobs: BackgroundJobs) {
    jobs.addPeriodicRun('idempotency-renewal', {
      interval: CLAIM_RENEWAL_INTERVAL_MS,
      run: () => idempotency.renew(),
      complaint: 'the idempotency keys of requests under way were not renewed; the next run will do it',
    });
  }
}
