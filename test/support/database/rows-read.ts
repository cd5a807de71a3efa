import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options';

/** How many rows were read of each table, by its indexes and without. */
export type RowsRead = Record<string, number>;

/** On a connection of its own, which counts for itself. */
async function onItsOwn<T>(databaseUrl: string, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await new DataSource({ ...dataSourceOptions(databaseUrl), poolSize: 1 }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A session reports what it has read within seconds, and what is left when it ends. */
export function rowsRead(databaseUrl: string): Promise<RowsRead> {
  return onItsOwn(databaseUrl, async (dataSource) => {
    const rows = await dataSource.query<{ name: string; rows: number }[]>(
      `SELECT relname AS name, (seq_tup_read + coalesce(
         (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid), 0))::float8 AS rows
       FROM pg_stat_user_tables t`,
    );
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
  });
}

/** Those tables of which more was read since `before`, and how much. */
export function readSince(before: RowsRead, now: RowsRead, more: number): RowsRead {
  const differences = Object.entries(now).map(([name, rows]) => [name, rows - (before[name] ?? 0)] as const);
  return Object.fromEntries(differences.filter(([, rows]) => rows > more));
}
