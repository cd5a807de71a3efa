import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { migrate } from '../../../src/database/migrate';

export const TEMPLATE_DATABASE = 'inboxwire_template';

declare global {
  var postgresOfTests: { server: EmbeddedPostgres; directory: string }[] | undefined;
}

/**
 * A real PostgreSQL for each worker and the whole run, with a migrated database that each test file clones. Not one for
 * all: a transaction in any database of a server, such as the making of another clone, hides what the log appends
 * meanwhile.
 */
export default async function setUp({ maxWorkers }: { maxWorkers: number }): Promise<void> {
  globalThis.postgresOfTests = await Promise.all(Array.from({ length: maxWorkers }, startServer));
  process.env.TEST_POSTGRES_URLS = globalThis.postgresOfTests.map(({ server }) => server.url).join(' ');
}

async function startServer(): Promise<{ server: EmbeddedPostgres; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'inboxwire-test-'));
  const server = await EmbeddedPostgres.start(directory);
  const admin = await new DataSource({ type: 'postgres', url: server.url }).initialize();
  // What is written need outlive a killed server, as everywhere, and no power cut.
  await admin.query('ALTER SYSTEM SET fsync = off');
  await admin.query('SELECT pg_reload_conf()');
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.destroy();
  await migrate(server.url.replace(/[^/]*$/, TEMPLATE_DATABASE));
  return { server, directory };
}
