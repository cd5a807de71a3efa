import { Injectable } from '@nestjs/common';
import { Metrics } from '../common/metrics/metrics';
import { WorkLoops } from '../common/work-loops';

/** What this process is doing just now. */
@Injectable()
export class ProcessGaugesService {
  constructor(metrics: Metrics, loops: WorkLoops) {
    metrics.ownGauge(
      'stalled_jobs',
      'Jobs of this process that no longer look for work',
      () => loops.stalled.length,
    );
  }
}
