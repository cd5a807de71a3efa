import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EventSettings } from '../../config/settings';
import { RetentionService } from './retention.service';

/** It runs ten times within the retention, within these bounds. */
const RUNS_WITHIN_RETENTION = 10;
const MIN_INTERVAL_MS = 1_000;
const MAX_INTERVAL_MS = 60_000;

/** Takes events out of the log that are older than the retention. */
@Injectable()
export class RetentionJob {
  constructor(retention: RetentionService, settings: EventSettings, jobs: BackgroundJobs) {
    const interval = settings.retention / RUNS_WITHIN_RETENTION;
    jobs.addPeriodicRun('event-retention', {
      interval: Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, interval)),
      run: (signal) => retention.run(signal),
      complaint: 'the retention run ended early; the next one goes on',
    });
  }
}
