import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { foreignMigrations } from '../database/foreign-migrations';
import { doneMigrations, probeWrites } from '../database/migration.store';
import { explainLag, LogLagService, MAX_LAG_SECONDS } from '../event/log/log-lag.service';
import { WatchService } from '../watch/watch.service';
import { check } from './check';
import { type HealthCheck, type HealthChecks, UP } from './health.types';
import { rested } from './rested-reading';

const UNKNOWN: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };

/** The checks that ask the database. */
@Injectable()
export class DatabaseHealthService {
  private readonly countOverdue: () => Promise<number>;

  constructor(
    private readonly dataSource: DataSource,
    watches: WatchService,
    private readonly lag: LogLagService,
  ) {
    this.countOverdue = rested(() => watches.countOverdue());
  }

  async checks(): Promise<Pick<HealthChecks, 'database' | 'migrations' | 'watches' | 'eventLog'>> {
    const database = await check('database', () => this.database());
    if (database.status !== 'up')
      return { database, migrations: UNKNOWN, watches: UNKNOWN, eventLog: UNKNOWN };
    const [migrations, watches, eventLog] = await Promise.all([
      check('migrations', () => this.migrations()),
      check('watches', () => this.overdueWatches()),
      check('event log', () => this.eventLog()),
    ]);
    return { database, migrations, watches, eventLog };
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

  private async overdueWatches(): Promise<HealthCheck> {
    const overdue = await this.countOverdue();
    if (overdue === 0) return UP;
    const detail = `${overdue} watches should have been renewed; \`watch.lastError\` of their mailboxes says why.`;
    return { status: 'degraded', detail };
  }

  private async eventLog(): Promise<HealthCheck> {
    const lag = await this.lag.read();
    return lag.seconds < MAX_LAG_SECONDS ? UP : { status: 'degraded', detail: explainLag(lag) };
  }
}
