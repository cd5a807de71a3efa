import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import { migrate } from '../../src/database/migrate';

export const TEMPLATE_DATABASE = 'inboxwire_template';

declare global {
  var postgresOfTests: { server: EmbeddedPostgres; directory: string } | undefined;
}

/** One real PostgreSQL for the whole run, with a migrated database that each test file clones. */
export default async function setUp(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'inboxwire-test-'));
  const server = await EmbeddedPostgres.start(directory);
  globalThis.postgresOfTests = { server, directory };
  const admin = await new DataSource({ type: 'postgres', url: server.url }).initialize();
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.destroy();
  await migrate(server.url.replace(/[^/]*$/, TEMPLATE_DATABASE));
  process.env.TEST_POSTGRES_URL = server.url;
}
