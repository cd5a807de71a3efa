import { type ClaimedCursor, DeliveryCursorStore } from '../../../src/delivery/queue/delivery-cursor.store';
import { EventLogService } from '../../../src/event/log/event-log.service';
import { Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../../support/eventually';
import { startReplicaTest } from '../../support/replica-test';
import { insertMailbox } from '../../support/test-replica';

const MEGABYTES_3 = 'x'.repeat(3_000_000);

describe('very large events', () => {
  const test = startReplicaTest();
  let { database, replica } = test;
  beforeAll(() => void ({ database, replica } = test));

  it('are appended in their order, and listed in pages that end early', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    const events = Array.from({ length: 8 }, (_, n) => ({
      type: 'message.deleted' as const,
      data: { n, text: MEGABYTES_3 },
    }));
    await replica.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, ({ append }) => append(events));

    const pages = async () => {
      const first = (await replica.api('GET', '/v1/events?limit=500')).body;
      const second = (await replica.api('GET', `/v1/events?limit=500&after=${first.nextCursor}`)).body;
      return [first.data, second.data] as const;
    };
    const [first, second] = await pages();
    expect(first.length).toBeGreaterThan(1);
    expect(first.length).toBeLessThan(8);
    const all = [...first, ...second];
    expect(all.map(({ data }) => (data as { n?: number }).n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(all.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

    const measured = 'SELECT DISTINCT octet_length(data::text) - bytes AS fault FROM events';
    expect(await database.dataSource.query(measured)).toEqual([{ fault: 0 }]);
    // As a program leaves them that does not know the column.
    await database.dataSource.query('UPDATE events SET bytes = NULL');
    expect(await pages()).toEqual([first, second]);
  });

  it('are delivered in their order, and no more of them are read at once than memory should hold', async () => {
    const receiver = await Receiver.start();
    const mailbox = await insertMailbox(database.dataSource);
    await replica.endpoint(receiver.origin, { mailboxIds: [mailbox.id], eventTypes: ['message.deleted'] });
    const claim = jest.spyOn(replica.application.get(DeliveryCursorStore, { strict: false }), 'claim');
    const small = { type: 'message.deleted' as const, data: {} };
    const large = { ...small, data: { text: MEGABYTES_3 } };
    const unwanted = { ...large, type: 'mailbox.gap' as const };
    const events = [small, small, large, unwanted, large, small, small, unwanted];
    await replica.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, ({ append }) => append(events));

    await eventually(() => receiver.received.length === 6);
    expect(receiver.sequences()).toEqual([1, 2, 3, 5, 6, 7]);
    const claims = await Promise.all(
      claim.mock.results.map(({ value }) => value as Promise<ClaimedCursor[]>),
    );
    expect(claims.flat().map(({ page }) => page!.events.map(({ sequence }) => sequence))).toEqual([
      [1, 2, 3],
      [5],
      [6, 7],
    ]);
    await receiver.stop();
  });
});
