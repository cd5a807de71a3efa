import { Receiver } from '../../fakes/receiver/receiver';
import { allOfType } from '../../support/event/of-type';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';

describe('an endpoint', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let receiver: Receiver;
  let witness: Receiver;
  let mailbox: TestMailbox;

  beforeEach(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url, { DELIVERY_RETRY_DELAYS: '20ms' });
    receiver = await Receiver.start();
    witness = await Receiver.start();
    mailbox = await insertMailbox(database.dataSource);
  });
  afterEach(async () => {
    await receiver.stop();
    await witness.stop();
    await replica.stop();
    await database.drop();
  });

  const query = <Row>(text: string) => database.dataSource.query<Row[]>(text);
  const endpoint = async (id: string) => (await replica.api('GET', `/v1/endpoints/${id}`)).body;
  const disabled = (id: string) =>
    eventually(() => endpoint(id), { until: ({ status }) => status === 'disabled' });
  const deliveries = async (endpointId: string, status: string) =>
    (await replica.api('GET', `/v1/deliveries?endpointId=${endpointId}&status=${status}`)).body.data;
  const dead = (id: string, count: number) =>
    eventually(() => deliveries(id, 'dead'), { until: (seen) => seen.length >= count });
  const disabledEvents = async () =>
    allOfType(
      (await replica.api('GET', '/v1/events?types=endpoint.disabled')).body.data,
      'endpoint.disabled',
    );
  const passDays = (days: number) =>
    query(
      `WITH later AS (UPDATE deliveries SET created_at = created_at - ${days} * interval '1 day')
       UPDATE endpoints SET failing_since = failing_since - ${days} * interval '1 day'`,
    );

  it('that fails for days is disabled with an event, which the other endpoints get', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    await replica.endpoint(witness.origin, { eventTypes: ['endpoint.disabled'] });
    const narrow = await replica.endpoint(witness.origin, { mailboxIds: [mailbox.id] });
    const elsewhere = await replica.endpoint(witness.origin, { eventTypes: ['watch.failed'] });
    receiver.answer = () => 500;
    await replica.append(mailbox, 3);
    await dead(id, 3);
    await passDays(4.9);
    await replica.append(mailbox);
    await dead(id, 4);
    expect((await endpoint(id)).status).toBe('enabled');

    await passDays(0.2);
    await replica.append(mailbox, 2);
    expect((await disabled(id)).disabledReason).toMatch(/^failing/);
    const [event, ...more] = await eventually(disabledEvents, { until: (events) => events.length > 0 });
    expect(more).toEqual([]);
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'endpoint.disabled',
      sequence: null,
      occurredAt: expect.any(String),
      origin: 'live',
      mailbox: null,
      data: {
        endpointId: id,
        reason: 'failing',
        disabledReason: (await endpoint(id)).disabledReason,
        failingSince: expect.stringMatching(/Z$/),
      },
    });
    expect((Date.now() - Date.parse(event!.data.failingSince!)) / 86_400_000).toBeCloseTo(5.1, 1);
    const operational = () => witness.received.filter(({ event: { type } }) => type === 'endpoint.disabled');
    await eventually(() => operational().length);
    expect(operational()).toMatchObject([{ headers: { 'webhook-id': event!.id } }]);
    expect(JSON.parse(operational()[0]!.body)).toEqual(event);
    const of = async ({ id: of }: { id: string }) =>
      (await replica.api('GET', `/v1/deliveries?eventId=${event!.id}&endpointId=${of}`)).body.data;
    expect([await of({ id }), await of(narrow), await of(elsewhere)]).toEqual([[], [], []]);

    receiver.received.length = 0;
    receiver.answer = () => 204;
    const body = { status: 'enabled' };
    expect((await replica.api('PATCH', `/v1/endpoints/${id}`, body)).body).toMatchObject({
      status: 'enabled',
      disabledReason: null,
    });
    await eventually(() => receiver.sequences(), { until: (seen) => seen.includes(6) });
    expect(receiver.sequences()).toEqual([5, 6]);
  });

  it('that has a success now and then is not disabled, and begins the count anew', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = ({ event }) => (event.sequence === 4 ? 200 : 500);
    await replica.append(mailbox, 3);
    await dead(id, 3);
    await passDays(6);
    await replica.append(mailbox);
    await eventually(() => deliveries(id, 'delivered'), { until: (seen) => seen.length === 1 });
    await replica.append(mailbox);
    await dead(id, 4);
    await passDays(4);
    await replica.append(mailbox, 2);
    await dead(id, 6);
    expect((await endpoint(id)).status).toBe('enabled');
    expect(await disabledEvents()).toEqual([]);
  });

  it('that failed on two events only is not disabled', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = () => 500;
    await replica.append(mailbox);
    await dead(id, 1);
    await passDays(30);
    await replica.append(mailbox);
    await dead(id, 2);
    await replica.append(mailbox);
    await dead(id, 3);
    expect((await endpoint(id)).status).toBe('enabled');
  });

  it('that answers 410 is disabled with one event, however many mailboxes have something for it', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    const { id: other } = await replica.endpoint(witness.origin);
    const mailboxes = await Promise.all([1, 2, 3, 4].map(() => insertMailbox(database.dataSource)));
    receiver.answer = async () => {
      await eventually(() => receiver.received.length >= 4);
      return 410;
    };
    for (const each of mailboxes) await replica.append(each);
    await disabled(id);
    await eventually(() => query('SELECT 1 FROM delivery_cursors WHERE claimed_by IS NOT NULL'), {
      until: (claims) => claims.length === 0,
    });
    expect(await disabledEvents()).toMatchObject([
      { data: { endpointId: id, reason: 'gone', failingSince: null } },
    ]);
    const [operationalEvent] = await eventually(() => deliveries(other, 'delivered'), {
      until: (seen) => seen.length === 5,
    });
    expect(operationalEvent).toMatchObject({ eventType: 'endpoint.disabled', mailboxId: null });
  });

  it('is not disabled when the event cannot be appended: both or neither', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    await replica.append(mailbox);
    await eventually(() => deliveries(id, 'delivered'), { until: (seen) => seen.length === 1 });
    await query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
    );
    await query(`CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.mailbox_id IS NULL)
                 EXECUTE FUNCTION refuse()`);
    receiver.answer = () => 410;
    await replica.append(mailbox);
    await eventually(() => query('SELECT 1 FROM delivery_cursors WHERE next_attempt_at > now()'), {
      until: (resting) => resting.length > 0,
    });
    expect([(await endpoint(id)).status, await disabledEvents()]).toEqual(['enabled', []]);
    await query('DROP TRIGGER refuse ON events');
    await query('UPDATE delivery_cursors SET next_attempt_at = now()');
    await disabled(id);
    expect(await disabledEvents()).toHaveLength(1);
  });

  it('is sent again by a replay of what happened to others', async () => {
    const gone = await replica.endpoint(receiver.origin);
    receiver.answer = () => 410;
    await replica.append(mailbox);
    await disabled(gone.id);
    const { id } = await replica.endpoint(witness.origin);
    await replica.api('POST', `/v1/endpoints/${id}/replay`, { since: '2000-01-01T00:00:00Z' });
    await eventually(() => witness.received.length === 2);
    expect(witness.received.map(({ event }) => event.type).sort()).toEqual([
      'endpoint.disabled',
      'message.deleted',
    ]);
    receiver.answer = () => 200;
    receiver.received.length = 0;
    await replica.api('PATCH', `/v1/endpoints/${gone.id}`, { status: 'enabled' });
    await replica.api('POST', `/v1/endpoints/${gone.id}/replay`, { since: '2000-01-01T00:00:00Z' });
    await eventually(() => deliveries(gone.id, 'delivered'), { until: (seen) => seen.length === 1 });
    expect(receiver.received.map(({ event }) => event.type)).not.toContain('endpoint.disabled');
  });
});
