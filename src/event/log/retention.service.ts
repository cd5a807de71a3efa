import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { EventSettings } from '../../config/settings';
import { LeaseService } from '../../database/lease.service';
import { EventLogService } from './event-log.service';
import { BEGINNING } from './log-position';

/**
 * Few, since what others append meanwhile is hidden until the transaction ends; and with a pause after each batch,
 * in which the log is theirs.
 */
const BATCH_SIZE = 1_000;
const PAUSE_MS = 20;

/** One run of one replica; the lease outlives it. */
const MAX_RUN_MS = 10_000;
const LEASE_MS = 15_000;

/** Takes events out of the log that are older than `EVENT_RETENTION`. */
@Injectable()
export class RetentionService {
  private readonly logger = new Logger(RetentionService.name);

  constructor(
    private readonly log: EventLogService,
    private readonly leases: LeaseService,
    private readonly settings: EventSettings,
  ) {}

  /** Takes out what is due, unless another replica is at it. @returns whether none was */
  run(signal: AbortSignal): Promise<boolean> {
    return this.leases.holdIfFree('event-retention', LEASE_MS, () => this.trim(signal));
  }

  private async trim(signal: AbortSignal): Promise<void> {
    const start = performance.now();
    let events = 0;
    let batch = { count: BATCH_SIZE, last: BEGINNING };
    while (batch.count === BATCH_SIZE && !signal.aborted && performance.now() - start < MAX_RUN_MS) {
      batch = await this.log.trim(this.settings.retention, BATCH_SIZE, batch.last);
      events += batch.count;
      if (batch.count === BATCH_SIZE) await delay(PAUSE_MS);
    }
    const duration = Math.round(performance.now() - start);
    if (events > 0) this.logger.log({ events, upTo: batch.last.id, duration }, 'events left the log');
  }
}
