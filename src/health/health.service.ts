import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { describeError } from '../common/describe-error';
import { WorkLoops } from '../common/work-loops';
import { ReencryptionService } from '../database/reencryption.service';
import { sql } from '../database/sql';
import { WatchService } from '../watch/watch.service';
import type { HealthCheck, Readiness } from './health.types';

/** A check that takes longer than this (ms) has failed: who asks gives up soon too. */
const TIMEOUT = 2_000;

const UP: HealthCheck = { status: 'up' };

@Injectable()
export class HealthService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly loops: WorkLoops,
    private readonly watches: WatchService,
    private readonly reencryption: ReencryptionService,
  ) {}

  /** Whether requests and work can be done now; overdue watches and missing keys are told and do not count. */
  async readiness(): Promise<Readiness> {
    const [database, migrations, watches] = await Promise.all([
      check(() => this.database()),
      check(() => this.migrations()),
      check(() => this.overdueWatches()),
    ]);
    const checks = { database, migrations, jobs: this.jobs(), watches, encryption: this.encryption() };
    const down = [database, migrations, checks.jobs].some(({ status }) => status === 'down');
    const flawed = [watches, checks.encryption].some(({ status }) => status !== 'up');
    const status = down ? 'unavailable' : flawed ? 'degraded' : 'ok';
    return { status, checks };
  }

  private async database(): Promise<HealthCheck> {
    await this.dataSource.query('SELECT 1');
    return UP;
  }

  private async migrations(): Promise<HealthCheck> {
    const rows = await sql<{ name: string }>(this.dataSource, 'SELECT name FROM migrations');
    const done = new Set(rows.map(({ name }) => name));
    const missing = this.dataSource.migrations.filter(({ name }) => !done.has(name!));
    if (missing.length === 0) return UP;
    return {
      status: 'down',
      detail: `Not run yet: ${missing.map(({ name }) => name).join(', ')}. Restart the service.`,
    };
  }

  private jobs(): HealthCheck {
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

async function check(look: () => Promise<HealthCheck>): Promise<HealthCheck> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT} ms`)), TIMEOUT);
  });
  try {
    return await Promise.race([look(), timeout]);
  } catch (error) {
    return { status: 'down', detail: describeError(error) };
  } finally {
    clearTimeout(timer);
  }
}
