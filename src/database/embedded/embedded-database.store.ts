import { StrictClient } from '../pool-client';
import { sql } from '../sql';

const DUPLICATE_DATABASE = '42P04';

/** Makes the database of the URL when there is none. */
export async function ensureDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await connected(url.replace(/\/[^/]*$/, '/postgres'), async (client) => {
    try {
      await sql(client, `CREATE DATABASE ${name}`);
    } catch (error) {
      if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
    }
  });
}

/** Whether another client is connected to the database of the URL. */
export function isUsedByOthers(url: string): Promise<boolean> {
  return connected(url, async (client) => {
    const others = await sql(
      client,
      `SELECT 1 FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return others.length > 0;
  });
}

async function connected<T>(url: string, work: (client: StrictClient) => Promise<T>): Promise<T> {
  const client = new StrictClient({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
