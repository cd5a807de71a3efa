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

/** A database of its own for a test file, on the server of its worker: a clone of the migrated template, made in milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const servers = process.env.TEST_POSTGRES_URLS!.split(' ');
  const server = servers[Number(process.env.JEST_WORKER_ID) % servers.length]!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${name} TEMPLATE inboxwire_template`);
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

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
