import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { type FleetCounts, OverviewStore, type Troubles } from './overview.store';

/** How long the overview waits for what has to be counted through. In a small fleet it is there long before. */
const PATIENCE_MS = 50;

/** What took long to count is counted again when so many times as long has passed, and not before this time (ms). */
const REST_FACTOR = 100;
const FRESH_MS = 5_000;

/** How everything stands. What takes long to count in a large fleet is counted beside the page, which shows the count before. */
@Injectable()
export class OverviewService {
  private kept: FleetCounts | undefined;
  private dueAt = 0;
  private counting: Promise<void> | undefined;

  constructor(private readonly store: OverviewStore) {}

  troubles(): Promise<Troubles> {
    return this.store.troubles();
  }

  /** Undefined while it is counted for the first time. */
  async counts(): Promise<FleetCounts | undefined> {
    if (performance.now() >= this.dueAt) {
      // A count that fails is made again by the next page.
      this.counting ??= this.count()
        .catch(() => undefined)
        .finally(() => (this.counting = undefined));
      await Promise.race([this.counting, delay(PATIENCE_MS, undefined, { ref: false })]);
    }
    return this.kept;
  }

  private async count(): Promise<void> {
    const began = performance.now();
    this.kept = await this.store.counts();
    const took = performance.now() - began;
    this.dueAt = performance.now() + Math.max(FRESH_MS, REST_FACTOR * took);
  }
}
