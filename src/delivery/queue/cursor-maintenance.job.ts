import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { describeError } from '../../common/describe-error';
import { CursorMaintenanceStore } from './cursor-maintenance.store';

/** Often enough that nobody misses what a race has held back. */
const SWEEP_INTERVAL_MS = 5_000;

/** Finds what appends that raced with a change of an endpoint have left behind. */
@Injectable()
export class CursorMaintenanceJob {
  private readonly logger = new Logger(CursorMaintenanceJob.name);

  constructor(private readonly cursors: CursorMaintenanceStore) {}

  @Interval(SWEEP_INTERVAL_MS)
  async sweep(): Promise<void> {
    await this.cursors.sweep().catch((error: unknown) => {
      this.logger.warn({ error: describeError(error) }, 'cannot sweep delivery cursors');
    });
  }
}
