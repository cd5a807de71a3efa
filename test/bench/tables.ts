import { Client } from 'pg';
import { MAILBOXES } from './pushes';

/**
 * A thousand mailboxes that wait for their owners' consent: pushes for them are verified, read and committed as for any
 * other, and no sync follows, which would take its share of the machine from what is measured.
 */
const MAILBOX_ROWS = `
  INSERT INTO mailboxes (id, email_address, status)
  SELECT 'mbx_bench_' || n, 'bench-' || n || '@bench.example', 'reauthorization_required'
  FROM generate_series(0, $1::int - 1) n`;

const CURSOR_ROWS = `
  INSERT INTO mailbox_cursors (mailbox_id, history_id, notified_history_id, paused)
  SELECT id, 1, 1, true FROM mailboxes WHERE id LIKE 'mbx_bench_%'`;

/** The same columns, indexes and settings; found by the address, with no table between. */
const EQUAL_TABLE = [
  `CREATE TABLE bench_cursors (LIKE mailbox_cursors INCLUDING ALL) WITH (fillfactor = 70)`,
  `ALTER TABLE bench_cursors ADD email_address text NOT NULL UNIQUE`,
  `INSERT INTO bench_cursors (mailbox_id, history_id, notified_history_id, paused, email_address)
   SELECT m.id, 1, 1, true, m.email_address FROM mailboxes m WHERE m.id LIKE 'mbx_bench_%'`,
  `ANALYZE`,
];

export async function fillTables(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(MAILBOX_ROWS, [MAILBOXES]);
    await client.query(CURSOR_ROWS);
    for (const statement of EQUAL_TABLE) await client.query(statement);
  } finally {
    await client.end();
  }
}
