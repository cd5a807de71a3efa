import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import { BackfillClaimService } from './backfill-claim.service';
import { BackfillStore } from './backfill.store';

/** Few: nothing waits for a backfill, and what is live comes first. */
const CONCURRENCY = 2;
const POLL_INTERVAL_MS = 2_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

/** Goes on with the backfills that were asked for. */
@Injectable()
export class BackfillJob {
  constructor(store: BackfillStore, backfills: BackfillClaimService, jobs: BackgroundJobs) {
    jobs.addLoop('backfill', {
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: (limit) => store.claim(limit),
      run: (claim, signal) => backfills.run(claim, signal),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: (running) => store.renew(running) },
    });
  }
}
