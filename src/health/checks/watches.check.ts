import { Injectable } from '@nestjs/common';
import { type Finding, ok, warning } from '../../diagnosis/check';
import { RestingReading } from '../../observability/resting-reading';
import { WatchService } from '../../watch/watch.service';
import type { ReadinessCheck } from '../readiness-check';

/** Probes ask often: in a large fleet they share a count. */
const REST_RULE = { slowMs: 10, restFactor: 20 };

@Injectable()
export class WatchesReadiness implements ReadinessCheck {
  readonly name = 'watches';
  readonly question = 'Are all watches renewed in time?';
  readonly failure = 'degraded';
  readonly needsDatabase = true;
  private readonly overdue: RestingReading<number>;

  constructor(watches: WatchService) {
    this.overdue = new RestingReading(() => watches.countOverdue(), REST_RULE);
  }

  async run(): Promise<Finding> {
    const overdue = await this.overdue.current();
    if (overdue === 0) return ok('None is overdue.');
    return warning(
      `${overdue} watches should have been renewed.`,
      '`watch.lastError` of their mailboxes says why.',
    );
  }
}
