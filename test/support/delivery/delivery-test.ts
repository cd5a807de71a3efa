import { Receiver } from '../../fakes/receiver/receiver';
import { type ReplicaTest, startReplicaTest } from '../replica-test';
import { insertMailbox, type TestMailbox } from '../test-replica';

/** What each test of deliveries has. */
export interface DeliveryTest extends ReplicaTest {
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
  const test = startReplicaTest(settings) as DeliveryTest;
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
