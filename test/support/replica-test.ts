import { createTestDatabase, type TestDatabase } from './database/database';
import { TestReplica } from './test-replica';

/** What the tests of a file have when one replica is enough for all of them. */
export interface ReplicaTest {
  database: TestDatabase;
  replica: TestReplica;
}

/**
 * Starts one replica on a database of its own for a file.
 *
 * @returns what is filled in before the first test: take it over in a `beforeAll` of the file
 */
export function startReplicaTest(settings: Record<string, string> = {}): ReplicaTest {
  const test = {} as ReplicaTest;
  beforeAll(async () => {
    test.database = await createTestDatabase();
    test.replica = await TestReplica.start(test.database.url, settings);
  });
  afterAll(async () => {
    await test.replica?.stop();
    await test.database?.drop();
  });
  return test;
}
