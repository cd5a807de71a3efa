import { Client } from 'pg';

/** What grows with every event. */
const TABLES = ['events', 'deliveries', 'snapshot_messages', 'seen_messages'] as const;

/** Bytes in the database for each row of a table, in all and of each of its indexes. */
export interface RowSize {
  table: string;
  total: number;
  indexes: Record<string, number>;
}

export async function measureBytes(databaseUrl: string): Promise<RowSize[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const sizes: RowSize[] = [];
    for (const table of TABLES) {
      const { rows } = await client.query<{ count: number; total: number }>(
        `SELECT count(*)::float8 AS count, pg_total_relation_size('${table}')::float8 AS total FROM ${table}`,
      );
      const { count, total } = rows[0]!;
      const indexes = await client.query<{ name: string; size: number }>(
        `SELECT indexrelid::regclass::text AS name, pg_relation_size(indexrelid)::float8 AS size
         FROM pg_index WHERE indrelid = $1::regclass ORDER BY 1`,
        [table],
      );
      const perRow = (size: number) => Math.round(size / Math.max(1, count));
      sizes.push({
        table,
        total: perRow(total),
        indexes: Object.fromEntries(indexes.rows.map(({ name, size }) => [name, perRow(size)])),
      });
    }
    return sizes;
  } finally {
    await client.end();
  }
}
