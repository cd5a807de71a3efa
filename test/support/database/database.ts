import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  /** Disconnects everybody and drops the database. */
  drop(): Promise<void>;
}

/** The connection that makes and drops databases. */
interface Admin {
  /** With what the types of `pg` leave out: whether the connection keeps the process alive. */
  client: Client & { ref(): void; unref(): void };
  pending: number;
}

declare global {
  var adminOfTests: Admin | undefined;
}

/** A database of its own for a test file, on the server of its worker: a clone of the migrated template, made in milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const servers = process.env.TEST_POSTGRES_URLS!.split(' ');
  const server = servers[Number(process.env.JEST_WORKER_ID) % servers.length]!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${name} TEMPLATE inboxwire_template STRATEGY FILE_COPY`);
  const url = server.replace(/[^/]*$/, name);
  const dataSource = await new DataSource({ ...dataSourceOptions(url), poolSize: 5 }).initialize();
  return {
    url,
    dataSource,
    drop: async () => {
      await dataSource.destroy();
      await asAdmin(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** On one connection for all files of a worker. It keeps the worker alive only while it is used. */
async function asAdmin(url: string, statement: string): Promise<void> {
  const admin = (globalThis.adminOfTests ??= connectAdmin(url));
  if (admin.pending++ === 0) admin.client.ref();
  try {
    await admin.client.query(statement);
  } finally {
    if (--admin.pending === 0) admin.client.unref();
  }
}

/** To another database than the server's own, whose clients keep it from being stopped at the end of the run. */
function connectAdmin(url: string): Admin {
  const connectionString = url.replace(/[^/]*$/, 'postgres');
  const client = new Client({ connectionString }) as Admin['client'];
  const forget = () => (globalThis.adminOfTests = undefined);
  client.on('error', forget).on('end', forget);
  client.connect().catch(forget);
  return { client, pending: 0 };
}
