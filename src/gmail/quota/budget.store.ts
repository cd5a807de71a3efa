import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../../database/sql';
import { nextPause, type Pause } from './throttle';
import type { UsageWindow } from './usage-window';

/** A budget as it was read. All times are milliseconds since the epoch by the database's clock, which the replicas share. */
export interface Budget {
  name: string;
  /** Units ever drawn: grows with each draw, and so tells whether somebody else has drawn meanwhile. */
  drawn: bigint;
  spending: UsageWindow;
  pause: Pause;
  now: number;
}

export interface SavedDraw {
  budget: Budget;
  spending: UsageWindow;
  granted: number;
}

interface BudgetRow {
  name: string;
  drawn: string;
  slot: string;
  units: number[];
  paused_until: number | null;
  refusals: number;
  now: number;
}

const COLUMNS = `name, drawn, slot, units, refusals, (extract(epoch FROM not_before) * 1000)::float AS paused_until,
  (extract(epoch FROM clock_timestamp()) * 1000)::float AS now`;

/** The budgets in SQL. No lock outlives a statement: what was read is saved by compare-and-set. */
@Injectable()
export class BudgetStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The budgets with these names; those that are not there yet are made. */
  async load(names: string[]): Promise<Budget[]> {
    const text = `SELECT ${COLUMNS} FROM gmail_budgets WHERE name = ANY ($1)`;
    const rows = await sql<BudgetRow>(this.dataSource, text, [names]);
    if (rows.length === names.length) return rows.map(toBudget);
    const make = `INSERT INTO gmail_budgets (name) SELECT unnest($1::text[]) AS name ORDER BY name ON CONFLICT DO NOTHING`;
    await sql(this.dataSource, make, [names]);
    return (await sql<BudgetRow>(this.dataSource, text, [names])).map(toBudget);
  }

  /**
   * Saves draws, each unless its budget was drawn from meanwhile. The commit is not waited for: a database that crashes may
   * forget the draws of its last moments, which is cheaper than a flush to disk before a call to Google.
   *
   * @returns the names of the budgets that were saved
   */
  async save(draws: SavedDraw[]): Promise<Set<string>> {
    const rows = await sql<{ name: string }>(this.dataSource, SAVE, [
      draws.map(({ budget }) => budget.name),
      draws.map(({ budget }) => budget.drawn.toString()),
      draws.map(({ granted }) => granted),
      draws.map(({ spending }) => spending.slot),
      draws.map(({ spending }) => `{${spending.units.join()}}`),
    ]);
    return new Set(rows.map(({ name }) => name));
  }

  /** Google wants to be left alone: nothing is granted until then. */
  async pauseUntil(name: string, until: Date): Promise<void> {
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
   * @returns until when the pause lasts, when this began it; undefined when there was one
   */
  async pause(name: string, until: Date | undefined): Promise<Date | undefined> {
    const [budget] = await this.load([name]);
    const { pause, now } = budget!;
    const next = nextPause(pause, until?.getTime(), now);
    await sql(
      this.dataSource,
      `UPDATE gmail_budgets SET not_before = greatest(not_before, $2), refusals = $3 WHERE name = $1`,
      [name, new Date(next.until), next.refusals],
    );
    return now < pause.until ? undefined : new Date(next.until);
  }
}

/** Rows that another replica holds are left to it: a conflict like any other, and no two statements wait for each other. */
const SAVE = `
  WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
  draw AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::bigint[], $5::text[])
      AS d (name, drawn, granted, slot, units)
  ), held AS MATERIALIZED (
    SELECT b.name, d.granted, d.slot, d.units FROM gmail_budgets b
    JOIN draw d ON d.name = b.name AND d.drawn = b.drawn FOR UPDATE OF b SKIP LOCKED
  )
  UPDATE gmail_budgets b SET drawn = b.drawn + held.granted, slot = held.slot, units = held.units::integer[]
  FROM held, unhurried WHERE b.name = held.name RETURNING b.name`;

function toBudget(row: BudgetRow): Budget {
  return {
    name: row.name,
    drawn: BigInt(row.drawn),
    spending: { slot: Number(row.slot), units: row.units },
    pause: { until: row.paused_until ?? 0, refusals: row.refusals },
    now: row.now,
  };
}
