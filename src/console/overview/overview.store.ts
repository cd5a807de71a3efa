import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';

/** Counted as far as a person wants to know; beyond it is "many". */
export const MAX_COUNTED = 1_000;

/** What waits for a person. Each is counted by an index, up to MAX_COUNTED + 1. */
export interface Troubles {
  reauthorization: number;
  failingWatches: number;
  expiredWatches: number;
  disabledEndpoints: number;
  failingEndpoints: number;
  deadDeliveries: number;
}

/** What has to be counted through. */
export interface FleetCounts {
  mailboxes: Record<string, number>;
  /** How many watches run out in each of the days ahead; the first is the one that has begun. */
  expiries: number[];
}

export const DAYS_AHEAD = 8;

const few = (from: string) => `(SELECT count(*)::int FROM (SELECT ${from} LIMIT ${MAX_COUNTED + 1}) few)`;

const OF_ACTIVE = `FROM watches JOIN mailboxes ON mailboxes.id = mailbox_id AND mailboxes.status = 'active' WHERE stopped_at IS NULL`;

/** What the overview shows of how everything stands. */
@Injectable()
export class OverviewStore {
  constructor(private readonly dataSource: DataSource) {}

  async troubles(): Promise<Troubles> {
    const [row] = await sql<Troubles>(
      this.dataSource,
      `SELECT
         ${few(`FROM mailboxes WHERE status = 'reauthorization_required'`)} AS reauthorization,
         ${few(`${OF_ACTIVE} AND failures > 0`)} AS "failingWatches",
         ${few(`${OF_ACTIVE} AND expires_at <= now()`)} AS "expiredWatches",
         ${few(`FROM endpoints WHERE status = 'disabled' AND disabled_reason IS NOT NULL`)} AS "disabledEndpoints",
         ${few(`FROM endpoints WHERE status = 'enabled' AND failing_since IS NOT NULL`)} AS "failingEndpoints",
         ${few(`FROM deliveries WHERE status = 'dead'`)} AS "deadDeliveries"`,
    );
    return row!;
  }

  async counts(): Promise<FleetCounts> {
    const mailboxes = await sql<{ status: string; count: number }>(
      this.dataSource,
      'SELECT status, count(*)::int AS count FROM mailboxes GROUP BY status',
    );
    const days = await sql<{ day: number; count: number }>(
      this.dataSource,
      `SELECT floor(extract(epoch FROM expires_at - now()) / 86400)::int AS day, count(*)::int AS count FROM watches
       WHERE stopped_at IS NULL AND expires_at > now() AND expires_at < now() + interval '${DAYS_AHEAD} days' GROUP BY 1`,
    );
    const expiries = Array<number>(DAYS_AHEAD).fill(0);
    for (const { day, count } of days) expiries[day] = count;
    return { mailboxes: Object.fromEntries(mailboxes.map(({ status, count }) => [status, count])), expiries };
  }
}
