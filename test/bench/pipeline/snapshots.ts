import { Client } from 'pg';
import { eventually } from '../../support/eventually';

const TIMEOUT_MS = 60_000;

/** Waits until the service has listed all mailboxes, which it does slowly once they are connected: no part of a change. */
export async function snapshotsBuilt(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await eventually(
      async () =>
        (await client.query(`SELECT FROM mailbox_snapshots WHERE state <> 'ready' LIMIT 1`)).rowCount,
      { timeout: TIMEOUT_MS, until: (unfinished) => unfinished === 0 },
    );
  } finally {
    await client.end();
  }
}
