import { mkdtemp, readFile, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { migrate } from '../../../src/database/migrate';

export const TEMPLATE_DATABASE = 'inboxwire_template';

const SHARED_MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 3 * 2 ** 30;

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
  const directory = await mkdtemp(join(await directoryInMemory(), 'inboxwire-test-'));
  const server = await EmbeddedPostgres.start(directory);
  const admin = await new DataSource({ type: 'postgres', url: server.url }).initialize();
  // What is written need outlive a killed server, as everywhere, and no power cut.
  await admin.query(`ALTER SYSTEM SET max_wal_size = '256MB'`);
  // Databases live for seconds: nothing is to be cleaned up in them.
  for (const setting of ['fsync', 'full_page_writes', 'autovacuum'])
    await admin.query(`ALTER SYSTEM SET ${setting} = off`);
  await usePlainPasswords(admin, directory, new URL(server.url).password);
  await admin.query('SELECT pg_reload_conf()');
  await admin.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`);
  await admin.destroy();
  await migrate(server.url.replace(/[^/]*$/, TEMPLATE_DATABASE));
  return { server, directory };
}

/** Where files cost the least: in memory, if it has room for the databases of a few tests. */
async function directoryInMemory(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(SHARED_MEMORY);
    return bavail * bsize >= MIN_FREE_BYTES ? SHARED_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A run opens thousands of connections, and SCRAM makes each of them compute for long. Passwords are checked as ever. */
async function usePlainPasswords(admin: DataSource, directory: string, password: string): Promise<void> {
  const rules = join(directory, 'postgres', 'pg_hba.conf');
  await writeFile(rules, (await readFile(rules, 'utf8')).replaceAll('scram-sha-256', 'md5'));
  await admin.query(`SET password_encryption = 'md5'; ALTER ROLE CURRENT_USER PASSWORD '${password}'`);
}
