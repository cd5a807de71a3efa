import { Injectable } from '@nestjs/common';
import { LeaseService } from '../../database/lease.service';
import { IdempotencyStore } from './idempotency.store';

/** Rows in one statement. */
const BATCH = 1_000;

const MAX_RUN_MS = 30_000;

/** Takes out what was answered more than a day ago. */
@Injectable()
export class IdempotencySweepService {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly leases: LeaseService,
  ) {}

  /** Takes out what is due, unless another replica is at it. */
  async run(signal: AbortSignal): Promise<void> {
    await this.leases.holdIfFree('idempotency-sweep', () => this.sweep(signal));
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    const end = performance.now() + MAX_RUN_MS;
    let gone = BATCH;
    while (gone === BATCH && !signal.aborted && performance.now() < end) gone = await this.store.sweep(BATCH);
  }
}
