import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { IdempotencySweepService } from './idempotency-sweep.service';

/** Answers that are older are never replayed, so their removal may wait. */
const INTERVAL_MS = 10 * 60_000;

/** Deletes answers of more than a day ago, at the start and from time to time. */
@Injectable()
export class IdempotencySweepJob {
  constructor(sweep: IdempotencySweepService, jobs: BackgroundJobs) {
    jobs.addPeriodicRun('idempotency-sweep', {
      interval: INTERVAL_MS,
      run: (signal) => sweep.run(signal),
      complaint: 'old answers were not swept; the next run will',
    });
  }
}
