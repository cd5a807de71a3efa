import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { describeError } from '../common/describe-error';
import { Draining } from '../background/draining.service';
import { withTimeout } from '../common/with-timeout';
import { BackgroundJobs } from '../background/background-jobs';
import { ReencryptionService } from '../encryption/reencryption.service';
import { foreignMigrations } from '../database/foreign-migrations';
import { doneMigrations, probeWrites } from '../database/migration.store';
import { WatchService } from '../watch/watch.service';
import type { HealthCheck, Readiness } from './health.types';

/** A check that takes longer than this (ms) has failed: who asks gives up soon too. */
const TIMEOUT = 2_000;

const UP: HealthCheck = { status: 'up' };

@Injectable()
export class HealthService {
  private looking: Promise<Readiness> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly loops: BackgroundJobs,
    private readonly watches: WatchService,
    private readonly reencryption: ReencryptionService,
    private readonly draining: Draining,
  ) {}

  /**
   * Whether requests and work can be done now; overdue watches and missing keys are told and do not count. Those who ask
   * while an answer is being made get the same one: a database that does not answer is not asked by ever more connections.
   */
  readiness(): Promise<Readiness> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async look(): Promise<Readiness> {
    const database = await check('database', () => this.database());
    const unknown: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };
    const [migrations, watches] =
      database.status === 'up'
        ? await Promise.all([
            check('migrations', () => this.migrations()),
            check('watches', () => this.overdueWatches()),
          ])
        : [unknown, unknown];
    const checks = { database, migrations, jobs: this.jobs(), watches, encryption: this.encryption() };
    const down = [database, migrations, checks.jobs].some(({ status }) => status === 'down');
    const flawed = [watches, checks.encryption].some(({ status }) => status !== 'up');
    const status = down ? 'unavailable' : flawed ? 'degraded' : 'ok';
    return { status, checks };
  }

  /** Tries whether it takes writes: a standby answers too. */
  private async database(): Promise<HealthCheck> {
    await probeWrites(this.dataSource);
    return UP;
  }

  private async migrations(): Promise<HealthCheck> {
    const done = await doneMigrations(this.dataSource);
    const known = this.dataSource.migrations.map(({ name }) => name!);
    const missing = known.filter((name) => !done.includes(name));
    const { breaking } = foreignMigrations(done, known);
    if (missing.length > 0)
      return { status: 'down', detail: `Not run yet: ${missing.join(', ')}. Restart the service.` };
    if (breaking.length > 0)
      return {
        status: 'down',
        detail: `A newer version has migrated the database and left this one behind: ${breaking.join(', ')}. Upgrade this replica.`,
      };
    return UP;
  }

  private jobs(): HealthCheck {
    if (this.draining.active) return { status: 'down', detail: 'The service was told to end.' };
    const { stalled } = this.loops;
    return stalled.length === 0
      ? UP
      : { status: 'down', detail: `No longer looking for work: ${stalled.join(', ')}` };
  }

  private encryption(): HealthCheck {
    const { kind, detail } = this.reencryption.state;
    return { status: kind === 'missing' ? 'degraded' : 'up', ...(detail !== null && { detail }) };
  }

  private async overdueWatches(): Promise<HealthCheck> {
    const overdue = await this.watches.countOverdue();
    if (overdue === 0) return UP;
    const detail = `${overdue} watches should have been renewed; \`watch.lastError\` of their mailboxes tells why.`;
    return { status: 'degraded', detail };
  }
}

async function check(what: string, look: () => Promise<HealthCheck>): Promise<HealthCheck> {
  try {
    const late = () => new Error(`The ${what} check had no answer within ${TIMEOUT} ms.`);
    return await withTimeout(look(), TIMEOUT, late);
  } catch (error) {
    return { status: 'down', detail: describeError(error) };
  }
}
