import type { TestApp } from '../test-app';

/** Every row of every table as text. */
export async function tables(app: TestApp): Promise<Record<string, string[]>> {
  const { dataSource } = app.database;
  const names: { name: string }[] = await dataSource.query(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of names) {
    const rows: { row: string }[] = await dataSource.query(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}
