import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { arrayLiteral, RowColumns } from '../database/row-columns';
import { sql } from '../database/sql';
import { type Activity, COUNTS } from '../observability/activity';

/** What was done in one step, by its beginning (ms since the epoch). */
export interface ActivityStep {
  stepSeconds: number;
  at: number;
  activity: Activity;
}

type ActivityRow = Omit<Activity, 'latencies'> & { at: number; latencies: number[] };

const COLUMNS = new RowColumns<ActivityStep>({
  step_seconds: ['integer', ({ stepSeconds }) => stepSeconds],
  at: ['timestamptz', ({ at }) => new Date(at)],
  pushes: ['bigint', ({ activity }) => activity.pushes],
  changes: ['bigint', ({ activity }) => activity.changes],
  deliveries: ['bigint', ({ activity }) => activity.deliveries],
  failures: ['bigint', ({ activity }) => activity.failures],
  units: ['bigint', ({ activity }) => activity.units],
  latencies: ['text', ({ activity }) => arrayLiteral(activity.latencies.map(String))],
});

/** In one order, so that replicas which add to the same rows do not wait for each other in a circle. What is too old leaves with it. */
const ADD = `
  WITH trimmed AS (DELETE FROM activity WHERE step_seconds = ANY ($1) AND at < $2)
  INSERT INTO activity AS kept (step_seconds, at, ${COUNTS.join(', ')}, latencies)
  SELECT step_seconds, at, ${COUNTS.join(', ')}, latencies::integer[] FROM ${COLUMNS.relation('more', 3)}
  ORDER BY step_seconds, at
  ON CONFLICT (step_seconds, at) DO UPDATE SET
    ${COUNTS.map((what) => `${what} = kept.${what} + excluded.${what}`).join(', ')},
    latencies = ARRAY(SELECT coalesce(a, 0) + coalesce(b, 0)
      FROM unnest(kept.latencies, excluded.latencies) WITH ORDINALITY AS sum (a, b, bucket) ORDER BY bucket)`;

/** What all replicas have done. */
@Injectable()
export class StatsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds to what is there, and removes what began before the time. */
  async add(steps: ActivityStep[], keptFrom: number): Promise<void> {
    const kinds = [...new Set(steps.map(({ stepSeconds }) => stepSeconds))];
    await sql(this.dataSource, ADD, [kinds, new Date(keptFrom), ...COLUMNS.parameters(steps)]);
  }

  /** Steps of one length that begin in the period, its end excluded; those in which nothing was done are missing. */
  async read(stepSeconds: number, from: number, to: number): Promise<ActivityStep[]> {
    const rows = await sql<ActivityRow>(
      this.dataSource,
      `SELECT (extract(epoch FROM at) * 1000)::float8 AS at, ${COUNTS.map((what) => `${what}::float8`).join(', ')}, latencies
       FROM activity WHERE step_seconds = $1 AND at >= $2 AND at < $3`,
      [stepSeconds, new Date(from), new Date(to)],
    );
    return rows.map(({ at, ...activity }) => ({ stepSeconds, at, activity }));
  }
}
