import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { ReencryptionService } from './reencryption.service';

/** While replicas restart one by one, those with older settings still write. */
const INTERVAL_MS = 60_000;

/** Re-encrypts what is under older keys, at the start and from time to time. */
@Injectable()
export class ReencryptionJob {
  constructor(reencryption: ReencryptionService, jobs: BackgroundJobs) {
    jobs.addPeriodicRun('reencryption', {
      interval: INTERVAL_MS,
      run: (signal) => reencryption.run(signal),
      complaint: 'cannot look for older keys now; the next run will',
    });
  }
}
