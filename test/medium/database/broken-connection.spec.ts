import { PoolClient, StrictClient } from '../../../src/database/pool-client';
import { backendOf } from '../../../src/database/session.store';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase()));
afterAll(() => database?.drop());

// pg emits `error` then, and one that nobody listens to ends the process.
it('a connection that breaks while nobody waits for its answer ends no process, and its next statement fails', async () => {
  for (const Connection of [StrictClient, PoolClient]) {
    const client = new Connection({ connectionString: database.url });
    await client.connect();
    const ended = new Promise((resolve) => client.once('end', resolve));
    await database.dataSource.query('SELECT pg_terminate_backend($1)', [await backendOf(client)]);
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  }
});
