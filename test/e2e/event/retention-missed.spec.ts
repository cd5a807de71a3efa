import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase } from '../../support/database/database';
import { expectDescribedDelivery } from '../../support/openapi/described-events';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox } from '../../support/test-replica';
import { runRetention } from '../../support/event/retention';

describe('an endpoint that was away for longer than the retention', () => {
  it('gets a report of what it missed, in its place, and nobody else does', async () => {
    const database = await createTestDatabase();
    const replica = await TestReplica.start(database.url);
    const ada = await insertMailbox(database.dataSource);
    const receiver = await Receiver.start();
    const { id } = await replica.endpoint(`${receiver.origin}/away`, { eventTypes: ['message.deleted'] });
    await replica.endpoint(`${receiver.origin}/here`, { mailboxIds: [ada.id] });
    await replica.endpoint(`${receiver.origin}/elsewhere`, { eventTypes: ['mailbox.gap'] });
    await replica.append(ada);
    const at = (path: string) => receiver.received.filter((request) => request.path === path);
    await eventually(() => at('/away').length === 1 && at('/here').length === 1);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(ada, 2);
    await replica.append(ada, 3, 'watch.failed');
    await replica.append(ada, 1);
    await eventually(() => at('/here').length === 7);
    await eventually(async () => (await replica.api('GET', '/v1/events')).body.data.length === 7);
    await database.dataSource.query(`UPDATE events SET occurred_at = occurred_at - interval '31 days'`);
    await runRetention(replica);
    await replica.append(ada, 1, 'mailbox.gap');
    await replica.append(ada, 1);
    receiver.answer = ({ path }) => (path === '/away' && at('/away').length === 2 ? 500 : 204);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    await eventually(() => at('/away').length === 4, { timeout: 15_000 });
    const [, failed, again, next] = at('/away').map(({ event }) => event);
    expect(again).toEqual(failed);
    expectDescribedDelivery(at('/away')[2]!);
    expect(again).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'endpoint.events_missed',
      sequence: 7,
      occurredAt: expect.stringMatching(/Z$/),
      origin: 'live',
      mailbox: ada,
      data: { reason: 'retention', count: 3, fromSequence: 2, toSequence: 7 },
    });
    expect(next).toMatchObject({ type: 'message.deleted', sequence: 9 });
    await eventually(() => at('/elsewhere').length === 1);
    expect(receiver.received.filter(({ event }) => event.type === 'endpoint.events_missed').length).toBe(2);
    await replica.stop();
    await receiver.stop();
    await database.drop();
  }, 45_000);
});
