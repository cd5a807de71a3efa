import type { DataSource, EntityManager } from 'typeorm';

/** What statements run on: the pool, or the transaction of a manager. */
export type SqlExecutor = Pick<DataSource | EntityManager, 'query'>;

/** Runs one statement and returns its rows; TypeORM answers UPDATE and DELETE with a pair of rows and count. */
export async function sql<Row>(on: SqlExecutor, text: string, parameters: unknown[] = []): Promise<Row[]> {
  const result: unknown = await on.query(text, parameters);
  if (!Array.isArray(result)) return [];
  const isPair = result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number';
  return (isPair ? result[0] : result) as Row[];
}
