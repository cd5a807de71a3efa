import { Webhook } from 'standardwebhooks';
import { type Received, Receiver } from '../../fakes/receiver/receiver';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';
import { storedDeliveries } from '../../support/delivery/stored-deliveries';
import { startDeliveryTest } from '../../support/delivery/delivery-test';

/** Three attempts in all. */
const DELIVERY_RETRY_DELAYS = '50ms,100ms';

describe('delivery', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS });
  let { database, replica, receiver, mailbox } = test;
  beforeEach(() => void ({ database, replica, receiver, mailbox } = test));

  const register = (fields: object = {}) => replica.endpoint(`${receiver.origin}/hook`, fields);
  const received = (count: number, mailboxId?: string) =>
    eventually(() => receiver.sequences(mailboxId), { until: (seen) => seen.length >= count });
  /** Milliseconds between the requests. */
  const gaps = () => receiver.received.slice(1).map(({ at }, n) => at - receiver.received[n]!.at);

  const deliveries = (status: string) => storedDeliveries(database.dataSource, status);
  /** Resolves when every event that passes the filter is settled. */
  const settled = () =>
    eventually(
      () => database.dataSource.query('SELECT * FROM delivery_cursors WHERE high_watermark > sequence'),
      { until: (due: unknown[]) => due.length === 0 },
    );

  it('sends events that verify with the endpoint’s secret, as Standard Webhooks', async () => {
    const { secret } = await register();
    await replica.append(mailbox);
    await received(1);
    const [{ headers, body, path, event }] = receiver.received as [Received];
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ sequence: 1, type: 'message.deleted' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Inboxwire/1',
      'webhook-id': event.id,
    });
    expect(path).toBe('/hook');
    expect((await replica.api('GET', `/v1/events/${event.id}`)).body).toEqual(JSON.parse(body));
  });

  it('keeps the order of a mailbox, and records each delivery with its attempt', async () => {
    await register();
    await replica.append(mailbox, 120);
    await replica.append(mailbox, 3);
    const sequences = await received(123);
    expect(sequences).toEqual(Array.from({ length: 123 }, (_, n) => n + 1));
    await settled();
    const rows = await deliveries('delivered');
    expect(rows).toHaveLength(123);
    expect(rows[0]!.attempts).toEqual([
      { at: expect.any(String), status: 204, latencyMs: expect.any(Number), error: null, response: null },
    ]);
  });

  it('goes on when the clock of the database was put back by an hour', async () => {
    await register();
    await replica.append(mailbox);
    await received(1);
    await settled();
    await database.dataSource.query(
      `UPDATE delivery_cursors SET next_attempt_at = now() + interval '1 hour'`,
    );
    await replica.append(mailbox);
    await received(2);
    await settled();
  });

  it('goes on with other mailboxes while one fails, and sends the same bytes on each attempt', async () => {
    await register();
    const other = await insertMailbox(database.dataSource);
    let healthy = false;
    receiver.answer = ({ event }) => (event.mailbox.id === mailbox.id && !healthy ? 500 : 200);
    await replica.append(mailbox, 3);
    await received(1, mailbox.id);
    await replica.append(other, 3);
    expect(await received(3, other.id)).toEqual([1, 2, 3]);
    expect(new Set(receiver.sequences(mailbox.id))).toEqual(new Set([1]));
    healthy = true;
    await settled();
    const bodies = receiver.received.filter(({ event }) => event.mailbox.id === mailbox.id);
    const first = bodies.filter(({ event }) => event.sequence === 1);
    expect(new Set(first.map(({ body }) => body)).size).toBe(1);
    expect(first.length).toBeGreaterThan(1);
    expect(receiver.sequences(mailbox.id).slice(-3)).toEqual([1, 2, 3]);
  });

  it('waits between attempts, and goes on with the next event when one is dead', async () => {
    await register();
    receiver.answer = ({ event }) => (event.sequence === 1 ? 503 : 200);
    await replica.append(mailbox, 2);
    expect(await received(4)).toEqual([1, 1, 1, 2]);
    await settled();
    const [dead] = await deliveries('dead');
    expect(dead).toMatchObject({ sequence: '1', next_attempt_at: null });
    expect(dead!.attempts.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(dead!.attempts[0]!.error).toBe('the receiver answered 503');
    const [first, second] = gaps();
    expect(first).toBeGreaterThanOrEqual(40);
    expect(second).toBeGreaterThanOrEqual(80);
  });

  it('waits for as long as Retry-After asks', async () => {
    await register();
    receiver.answer = () =>
      receiver.received.length === 1 ? { status: 429, headers: { 'retry-after': '1' } } : 200;
    await replica.append(mailbox);
    await received(2);
    expect(gaps()[0]).toBeGreaterThanOrEqual(950);
  });

  it.each(['mailbox', 'none'])('tries again on time after a longer wait, ordering %s', async (ordering) => {
    await register({ ordering });
    receiver.answer = () =>
      receiver.received.length === 3 ? 200 : { status: 503, headers: { 'retry-after': '1' } };
    await replica.append(mailbox);
    await received(3);
    // What is due is polled for each second: a second more would be a wait for the next poll.
    for (const gap of gaps()) expect(gap).toBeLessThan(1_500);
  });

  it('does not follow a redirect: it is a failed attempt', async () => {
    await register();
    receiver.answer = () => ({ status: 307, headers: { location: `${receiver.origin}/elsewhere` } });
    await replica.append(mailbox);
    await received(3);
    await settled();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
    expect((await deliveries('dead'))[0]!.attempts[0]).toMatchObject({
      status: 307,
      error: expect.stringContaining('redirects'),
    });
  });

  it('reports what went wrong with a connection', async () => {
    await register();
    receiver.answer = (_received, response) => {
      response.socket?.destroy();
      return 200;
    };
    await replica.append(mailbox);
    await settled();
    const [dead] = await deliveries('dead');
    expect(dead!.attempts).toHaveLength(3);
    expect(dead!.attempts[0]).toMatchObject({ status: null, error: expect.stringMatching(/\w/) });
  });

  it('does not wait for the end of an answer that is larger than anybody needs', async () => {
    await register();
    receiver.answer = (_received, response) => {
      const drip = setInterval(() => response.write('x'.repeat(4_096)), 5);
      response.on('close', () => clearInterval(drip));
      response.writeHead(200);
      return Promise.resolve('nothing');
    };
    await replica.append(mailbox);
    await settled();
    expect(await deliveries('delivered')).toHaveLength(1);
  });

  it('disables an endpoint that answers 410, and delivers the event when it is enabled again', async () => {
    const { id } = await register();
    receiver.answer = () => 410;
    await replica.append(mailbox, 2);
    const endpoint = await eventually(async () => (await replica.api('GET', `/v1/endpoints/${id}`)).body, {
      until: ({ status }) => status === 'disabled',
    });
    expect(endpoint.disabledReason).toMatch(/^gone/);
    receiver.answer = () => 200;
    const { body } = await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(body).toMatchObject({ status: 'enabled', disabledReason: null });
    expect(await received(3)).toEqual([1, 1, 2]);
  });

  it('pauses while disabled, and goes on where it stopped', async () => {
    const { id } = await register();
    await replica.append(mailbox);
    await received(1);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox, 2);
    const witness = await Receiver.start();
    await replica.endpoint(witness.origin);
    await replica.append(mailbox);
    await eventually(() => witness.received.length);
    await witness.stop();
    expect(receiver.sequences()).toEqual([1]);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(4)).toEqual([1, 2, 3, 4]);
  });

  it('parks failing events when there is no order to keep', async () => {
    await register({ ordering: 'none' });
    let healthy = false;
    receiver.answer = ({ event }) => (event.sequence === 1 && !healthy ? 500 : 200);
    await replica.append(mailbox, 3);
    await received(3);
    expect(receiver.sequences().slice(0, 3)).toEqual([1, 2, 3]);
    healthy = true;
    await eventually(() => deliveries('delivered'), { until: (rows) => rows.length === 3 });
    expect(await deliveries('pending')).toHaveLength(0);
    const [first] = await deliveries('delivered');
    expect(first!.attempts.at(0)!.status).toBe(500);
    expect(first!.attempts.at(-1)!.status).toBe(200);
  });

  it('gives a parked event up after the last attempt', async () => {
    await register({ ordering: 'none' });
    receiver.answer = () => 500;
    await replica.append(mailbox);
    const [dead] = await eventually(() => deliveries('dead'), { until: (rows) => rows.length > 0 });
    expect(dead!.attempts).toHaveLength(3);
    expect(dead!.next_attempt_at).toBeNull();
  });
});
