import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { LogLagService } from './log-lag.service';

const POLL_INTERVAL_MS = 5_000;

/** Polls whether the log is shown. */
@Injectable()
export class LogLagJob {
  constructor(lag: LogLagService, jobs: BackgroundJobs) {
    jobs.addPeriodicRun('event-log-lag', {
      interval: POLL_INTERVAL_MS,
      run: () => lag.report(),
      complaint: 'could not read whether the log is shown',
    });
  }
}
