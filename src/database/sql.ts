import type { Pool } from 'pg';
import { DataSource } from 'typeorm';

/** What statements run on: the pool, the transaction of a manager, or one connection of `pg`. */
export interface SqlExecutor {
  query(text: string, parameters?: unknown[]): Promise<unknown>;
}

/**
 * Runs one statement and returns its rows, whatever it runs on: TypeORM answers UPDATE and DELETE with a pair of rows and
 * count, and `pg` with an object.
 */
export async function sql<Row>(on: SqlExecutor, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const result =
    on instanceof DataSource ? await onPool(on, text, parameters) : await on.query(text, parameters);
  if (!Array.isArray(result)) return (result as { rows?: Row[] } | undefined)?.rows ?? [];
  const isPair = result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return (isPair ? result[0] : result) as Row[];
}

/** On a connection of TypeORM's pool, without the query runner and the events that TypeORM makes for each statement. */
async function onPool(dataSource: DataSource, text: string, parameters: unknown[]): Promise<unknown> {
  const { master } = dataSource.driver as { master?: Pool };
  // TypeORM's words for it: the service has ended, or has not begun.
  if (!master) throw new Error('Driver not Connected');
  dataSource.logger.logQuery(text, parameters);
  const connection = await master.connect();
  try {
    return await connection.query(text, parameters);
  } finally {
    connection.release();
  }
}
