import { Inject, Injectable } from '@nestjs/common';
import { make } from './check';
import { READINESS_CHECKS } from './checks/all-readiness-checks';
import type { HealthCheck, HealthChecks, Readiness } from './health.types';
import type { ReadinessCheck } from './readiness-check';

const UNKNOWN: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };

@Injectable()
export class HealthService {
  private reading: Promise<Readiness> | undefined;

  constructor(@Inject(READINESS_CHECKS) private readonly checks: readonly ReadinessCheck[]) {}

  /**
   * Whether requests and work can be done now; overdue watches, a log that stands still and missing keys are reported and do
   * not count. Those who ask while an answer is being made get the same one: a database that does not answer is not asked by
   * ever more connections.
   */
  readiness(): Promise<Readiness> {
    this.reading ??= this.read().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async read(): Promise<Readiness> {
    const [database, ...others] = this.checks as [ReadinessCheck, ...ReadinessCheck[]];
    const ofDatabase = await make(database);
    const isKnown = ofDatabase?.status === 'up';
    const ofOthers = await Promise.all(
      others.map(async (check) => (check.needsDatabase && !isKnown ? UNKNOWN : make(check))),
    );
    const found = [ofDatabase, ...ofOthers];
    const parts = this.checks.flatMap(({ name }, at) => (found[at] ? [[name, found[at]] as const] : []));
    const is = (status: HealthCheck['status']) => parts.some(([, part]) => part.status === status);
    return {
      status: is('down') ? 'unavailable' : is('degraded') ? 'degraded' : 'ok',
      checks: Object.fromEntries(parts) as unknown as HealthChecks,
    };
  }
}
