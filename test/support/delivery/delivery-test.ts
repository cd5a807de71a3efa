import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../database/database';
import { insertMailbox, type TestMailbox, TestReplica } from '../test-replica';

/** What each test of deliveries has. */
export interface DeliveryTest {
  /** Of the whole file. */
  database: TestDatabase;
  replica: TestReplica;
  /** New for each test, without an endpoint that leads to it. */
  receiver: Receiver;
  /** New for each test, with an empty log. */
  mailbox: TestMailbox;
}

/**
 * Starts one replica for a file, and a receiver and a mailbox for each of its tests; endpoints are deleted after each.
 *
 * @returns what is filled in before each test: take it over in a `beforeEach` of the file
 */
export function startDeliveryTest(settings: Record<string, string> = {}): DeliveryTest {
  const test = {} as DeliveryTest;
  beforeAll(async () => {
    test.database = await createTestDatabase();
    test.replica = await TestReplica.start(test.database.url, settings);
  });
  afterAll(async () => {
    await test.replica?.stop();
    await test.database?.drop();
  });
  beforeEach(async () => {
    test.receiver = await Receiver.start();
    test.mailbox = await insertMailbox(test.database.dataSource);
  });
  afterEach(async () => {
    await test.receiver.stop();
    await test.replica.deleteEndpoints();
  });
  return test;
}
