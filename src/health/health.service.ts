import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { Draining } from '../background/draining.service';
import { ReencryptionService } from '../encryption/reencryption.service';
import { PullHealthService } from '../pubsub/pull/pull-health.service';
import { DatabaseHealthService } from './database-health.service';
import { type HealthCheck, type Readiness, UP } from './health.types';

@Injectable()
export class HealthService {
  private reading: Promise<Readiness> | undefined;

  /** Six: each of them is well in its own way. */
  constructor(
    private readonly database: DatabaseHealthService,
    private readonly loops: BackgroundJobs,
    private readonly reencryption: ReencryptionService,
    private readonly pull: PullHealthService,
    private readonly draining: Draining,
  ) {}

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
    const { database, migrations, watches, eventLog } = await this.database.checks();
    const [jobs, encryption, pubsub] = [this.jobs(), this.encryption(), await this.pubsub()];
    const isDown = [database, migrations, jobs].some(({ status }) => status === 'down');
    const isFlawed = [watches, eventLog, encryption, pubsub].some((one) => one && one.status !== 'up');
    const status = isDown ? 'unavailable' : isFlawed ? 'degraded' : 'ok';
    return {
      status,
      checks: { database, migrations, jobs, watches, eventLog, encryption, ...(pubsub && { pubsub }) },
    };
  }

  /** Undefined where nothing is pulled. */
  private async pubsub(): Promise<HealthCheck | undefined> {
    const fault = await this.pull.fault();
    if (fault === undefined) return undefined;
    return fault === null ? UP : { status: 'degraded', detail: fault };
  }

  private jobs(): HealthCheck {
    if (this.draining.active) return { status: 'down', detail: 'The service is stopping.' };
    const { stalled } = this.loops;
    return stalled.length === 0
      ? UP
      : { status: 'down', detail: `No longer polling for work: ${stalled.join(', ')}` };
  }

  private encryption(): HealthCheck {
    const { kind, detail } = this.reencryption.state;
    return { status: kind === 'missing' ? 'degraded' : 'up', ...(detail !== null && { detail }) };
  }
}
