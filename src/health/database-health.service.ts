import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MIGRATIONS_CHECK, WRITES_CHECK } from '../diagnosis/checks/database.check';
import { explainLag, LogLagService, MAX_LAG_SECONDS } from '../event/log/log-lag.service';
import { WatchService } from '../watch/watch.service';
import { check, upOrDown } from './check';
import { type HealthCheck, type HealthChecks, UP } from './health.types';
import { rested } from './rested-reading';

const UNKNOWN: HealthCheck = { status: 'down', detail: 'Not known while the database is down.' };

/** The checks that ask the database: of those that `doctor` makes too, the same ones. */
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
    const database = await this.find(WRITES_CHECK);
    if (database.status !== 'up')
      return { database, migrations: UNKNOWN, watches: UNKNOWN, eventLog: UNKNOWN };
    const [migrations, watches, eventLog] = await Promise.all([
      this.find(MIGRATIONS_CHECK),
      check('watches', () => this.overdueWatches()),
      check('event log', () => this.eventLog()),
    ]);
    return { database, migrations, watches, eventLog };
  }

  private find({ name, run }: typeof WRITES_CHECK): Promise<HealthCheck> {
    return check(name, async () => upOrDown(await run({ database: { dataSource: this.dataSource } })));
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
