import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { EventSettings } from '../../config/settings';
import { LeaseService } from '../../database/lease.service';
import { EventLogService } from './event-log.service';
import { BEGINNING } from './log-position';

/**
 * Few, since what others append meanwhile is hidden until the transaction ends; and with a pause (ms) after each batch,
 * in which the log is theirs.
 */
const BATCH = 1_000;
const PAUSE = 20;

/** One run of one replica: then another may go on. */
const MAX_RUN_MS = 10_000;

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
    return this.leases.holdIfFree('event-retention', () => this.trim(signal));
  }

  private async trim(signal: AbortSignal): Promise<void> {
    const start = performance.now();
    let events = 0;
    let batch = { count: BATCH, last: BEGINNING };
    while (batch.count === BATCH && !signal.aborted && performance.now() - start < MAX_RUN_MS) {
      batch = await this.log.trim(this.settings.retention, BATCH, batch.last);
      events += batch.count;
      if (batch.count === BATCH) await delay(PAUSE);
    }
    const duration = Math.round(performance.now() - start);
    if (events > 0) this.logger.log({ events, upTo: batch.last.id, duration }, 'events left the log');
  }
}
