import { type Settlement, SettlementStore } from '../../../src/delivery/queue/settlement.store';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { storedDeliveries } from '../../support/delivery/stored-deliveries';
import { eventually } from '../../support/eventually';

/** As the process writes it when an outage of the database has kept it from hearing of its commit, or of its claim's end. */
describe('the failure of an attempt that is written once its cursor has gone on', () => {
  const test = startDeliveryTest();

  /** The second event is under way when the first one's failure is written. */
  async function afterFirst(ordering: 'mailbox' | 'none', status: number): Promise<Settlement> {
    const { replica, receiver, mailbox } = test;
    receiver.answer = ({ event }) => (event.sequence === 1 ? status : Promise.resolve('nothing' as const));
    const { id: endpointId } = await replica.endpoint(receiver.origin, { ordering });
    await replica.append(mailbox, 2);
    await eventually(() => receiver.received.length === 2);
    const { id: eventId, type: eventType } = receiver.received[0]!.event;
    const attempt = { at: new Date().toISOString(), status: null, latencyMs: null, error: 'outcome unknown' };
    const ids = { endpointId, mailboxId: mailbox.id, revision: 1 };
    return {
      ...{ ...ids, from: 0n, sequence: 0n, attempts: 1, wait: 60_000, goOn: false },
      delivery: {
        ...{ eventId, eventType, sequence: 1, status: 'pending', failures: 1, parked: false, wait: 60_000 },
        attempt: { ...attempt, response: null },
      },
    };
  }

  it.each([
    ['delivered', 'mailbox', 204],
    ['pending, when it is parked', 'none', 500],
  ] as const)('leaves its delivery %s', async (_status, ordering, answer) => {
    const late = await afterFirst(ordering, answer);
    const [before] = await storedDeliveries(test.database.dataSource);
    await new SettlementStore(test.database.dataSource).settle(late);
    const [after] = await storedDeliveries(test.database.dataSource);
    expect(after).toEqual(before);
    expect(after!.status).toBe(answer === 204 ? 'delivered' : 'pending');
  });
});
