import { Injectable } from '@nestjs/common';
import { type Finding, ok, warning } from '../../diagnosis/check';
import { WatchService } from '../../watch/watch.service';
import type { ReadinessCheck } from '../readiness-check';
import { rested } from '../rested-reading';

@Injectable()
export class WatchesReadiness implements ReadinessCheck {
  readonly name = 'watches';
  readonly question = 'Are all watches renewed in time?';
  readonly failure = 'degraded';
  readonly needsDatabase = true;
  private readonly countOverdue: () => Promise<number>;

  constructor(watches: WatchService) {
    this.countOverdue = rested(() => watches.countOverdue());
  }

  async run(): Promise<Finding> {
    const overdue = await this.countOverdue();
    if (overdue === 0) return ok('None is overdue.');
    return warning(
      `${overdue} watches should have been renewed.`,
      '`watch.lastError` of their mailboxes says why.',
    );
  }
}
