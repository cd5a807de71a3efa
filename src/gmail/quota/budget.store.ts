import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NO_FLUSH, prepared } from '../../database/prepared';
import { RowColumns } from '../../database/row-columns';
import { sql } from '../../database/sql';
import { nextThrottle, type Throttle } from './throttle';
import type { UsageWindow } from './usage-window';

/** A budget as it was read. All times are milliseconds since the epoch by the database's clock, which the replicas share. */
export interface Budget {
  name: string;
  /** All units that were ever reserved. It grows with each reservation, and so shows whether another replica was faster. */
  reserved: bigint;
  usage: UsageWindow;
  throttle: Throttle;
  now: number;
}

export interface SavedReservation {
  budget: Budget;
  usage: UsageWindow;
  granted: number;
}

interface BudgetRow {
  name: string;
  reserved: string;
  slot: string;
  units: number[];
  throttled_until: number;
  refusals: number;
  now: number;
}

const THROTTLED_UNTIL = `coalesce(extract(epoch FROM b.not_before) * 1000, 0)::float`;

const COLUMNS = `b.name, b.reserved, b.slot, b.units, b.refusals, ${THROTTLED_UNTIL} AS throttled_until,
  (extract(epoch FROM clock_timestamp()) * 1000)::float AS now`;

/** The budgets in SQL. No lock outlives a statement: what was read is saved by compare-and-set. */
@Injectable()
export class BudgetStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The budgets with these names; those that are not there yet are made. */
  async load(names: string[]): Promise<Budget[]> {
    const text = `SELECT ${COLUMNS} FROM gmail_budgets b WHERE b.name = ANY ($1)`;
    const rows = await sql<BudgetRow>(this.dataSource, text, [names]);
    if (rows.length === names.length) return rows.map(toBudget);
    const make = `INSERT INTO gmail_budgets (name) SELECT unnest($1::text[]) AS name ORDER BY name ON CONFLICT DO NOTHING`;
    await sql(this.dataSource, make, [names]);
    return (await sql<BudgetRow>(this.dataSource, text, [names])).map(toBudget);
  }

  /**
   * Saves reservations, each unless its budget is another one than it was made of: another replica has reserved units, or
   * recorded that Google throttles. The commit is not waited for: a database that crashes may forget the reservations of its
   * last moments, which costs less than a flush to disk before each call to Google.
   *
   * @returns the names of the budgets that were saved; and all of them, saved or not, as they are now
   */
  async save(reservations: SavedReservation[]): Promise<{ saved: Set<string>; budgets: Budget[] }> {
    const parameters = RESERVATIONS.parameters(reservations);
    const rows = await sql<BudgetRow & { saved: boolean }>(this.dataSource, SAVE, parameters);
    return {
      saved: new Set(rows.flatMap(({ name, saved }) => (saved ? name : []))),
      budgets: rows.map(toBudget),
    };
  }

  /** Google wants no calls until then: nothing is granted before. */
  async throttleUntil(name: string, until: Date): Promise<void> {
    await sql(
      this.dataSource,
      `INSERT INTO gmail_budgets AS b (name, not_before) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET not_before = greatest(b.not_before, $2)`,
      [name, until],
    );
  }

  /**
   * The same when Google may have named no time.
   *
   * @returns the end of the throttle, when this began it; undefined when there was one
   */
  async throttle(name: string, until: Date | undefined): Promise<Date | undefined> {
    const [budget] = await this.load([name]);
    const { throttle, now } = budget!;
    const next = nextThrottle(throttle, until?.getTime(), now);
    await sql(
      this.dataSource,
      `UPDATE gmail_budgets SET not_before = greatest(not_before, $2), refusals = $3 WHERE name = $1`,
      [name, new Date(next.until), next.refusals],
    );
    return now < throttle.until ? undefined : new Date(next.until);
  }
}

const RESERVATIONS = new RowColumns<SavedReservation>({
  name: ['text', ({ budget }) => budget.name],
  reserved: ['bigint', ({ budget }) => budget.reserved.toString()],
  throttled_until: ['float', ({ budget }) => budget.throttle.until],
  granted: ['integer', ({ granted }) => granted],
  slot: ['bigint', ({ usage }) => usage.slot],
  units: ['text', ({ usage }) => `{${usage.units.join()}}`],
});

/** Rows that another replica holds are skipped: a conflict like any other, and no two statements wait for each other. */
const SAVE = prepared(`
  WITH ${NO_FLUSH},
  reservation AS (
    SELECT * FROM ${RESERVATIONS.relation('r', 1)}
  ), locked AS MATERIALIZED (
    SELECT b.name, r.granted, r.slot, r.units FROM gmail_budgets b
    JOIN reservation r ON r.name = b.name AND r.reserved = b.reserved AND r.throttled_until = ${THROTTLED_UNTIL}
    FOR UPDATE OF b SKIP LOCKED
  ), saved AS (
    UPDATE gmail_budgets b
    SET reserved = b.reserved + locked.granted, slot = locked.slot, units = locked.units::integer[]
    FROM locked, no_flush WHERE b.name = locked.name RETURNING ${COLUMNS}
  )
  SELECT *, true AS saved FROM saved
  UNION ALL
  SELECT ${COLUMNS}, false FROM gmail_budgets b
  WHERE b.name = ANY ($1) AND b.name NOT IN (SELECT name FROM saved)`);

function toBudget(row: BudgetRow): Budget {
  return {
    name: row.name,
    reserved: BigInt(row.reserved),
    usage: { slot: Number(row.slot), units: row.units },
    throttle: { until: row.throttled_until, refusals: row.refusals },
    now: row.now,
  };
}
