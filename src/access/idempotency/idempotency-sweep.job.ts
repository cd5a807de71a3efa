import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { IdempotencySweepService } from './idempotency-sweep.service';

/** Older answers count no more, wherever they are, so that there is no hurry. */
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
