import type { DataSource } from 'typeorm';

/** Every row of every table as text, with the name of its table. */
export async function dumpOf(dataSource: DataSource): Promise<string[]> {
  const tables = await dataSource.query<{ name: string }[]>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await dataSource.query<{ text: string }[]>(`SELECT t::text AS text FROM ${name} t`);
    rows.push(...found.map(({ text }) => `${name} ${text}`));
  }
  return rows;
}

/** The tables in which a text stands, in any letter case. */
export async function tablesWith(dataSource: DataSource, text: string): Promise<string[]> {
  const rows = (await dumpOf(dataSource)).filter((row) => row.toLowerCase().includes(text.toLowerCase()));
  return [...new Set(rows.map((row) => row.split(' ')[0]!.replace(/^public\./, '')))];
}
