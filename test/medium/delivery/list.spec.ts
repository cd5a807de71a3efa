import { newId } from '../../../src/common/id';
import type { Delivery } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';
import { startDeliveryTest } from '../../support/delivery/delivery-test';

describe('deliveries', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS: '50ms,1h' });
  let { database, replica, receiver, mailbox } = test;
  beforeEach(() => void ({ database, replica, receiver, mailbox } = test));

  const list = async (query: Record<string, string>) =>
    (await replica.api('GET', `/v1/deliveries?${new URLSearchParams(query).toString()}`)).body.data;
  /** Waits until the statuses of an endpoint's deliveries are these, the newest event first. */
  const become = (endpointId: string, statuses: string[]) =>
    eventually(() => list({ endpointId }), {
      until: (seen) => JSON.stringify(seen.map(({ status }) => status)) === JSON.stringify(statuses),
    });
  const events = async () => (await replica.api('GET', `/v1/events?mailboxId=${mailbox.id}`)).body.data;
  /** Makes an endpoint's next attempt come now. */
  const retryNow = (endpointId: string) =>
    database.dataSource.query(
      `WITH cursors AS (UPDATE delivery_cursors SET next_attempt_at = now() WHERE endpoint_id = $1)
       UPDATE deliveries SET next_attempt_at = now() WHERE endpoint_id = $1 AND parked`,
      [endpointId],
    );

  it('are shown with their attempts, and the beginning of each answer', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = () =>
      receiver.received.length === 1 ? { status: 500, body: `Oops ${'é'.repeat(2_000)}` } : 204;
    await replica.append(mailbox);
    const [delivery] = await become(id, ['delivered']);
    const [event] = await events();
    expect(delivery).toEqual({
      id: expect.stringMatching(/^dlv_/),
      endpointId: id,
      mailboxId: mailbox.id,
      eventId: event!.id,
      eventType: 'message.deleted',
      status: 'delivered',
      attempts: [
        {
          at: expect.stringMatching(/Z$/),
          status: 500,
          latencyMs: expect.any(Number),
          error: 'the receiver answered 500',
          response: expect.stringMatching(/^Oops é+$/),
        },
        { at: expect.any(String), status: 204, latencyMs: expect.any(Number), error: null, response: null },
      ],
      nextAttemptAt: null,
    });
    expect(Buffer.byteLength(delivery!.attempts[0]!.response!)).toBe(1_023);
    expect((await replica.api('GET', `/v1/deliveries/${delivery!.id}`)).body).toEqual(delivery);
  });

  it('are pending while they fail, with the time of the next attempt, and so is what waits behind them', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = () => 500;
    await replica.append(mailbox, 2);
    const [waiting, failing] = await eventually(() => list({ endpointId: id }), {
      until: ([, head]) => head?.attempts.length === 2,
    });
    expect(failing).toMatchObject({ status: 'pending', attempts: [{ status: 500 }, { status: 500 }] });
    const minutes = (Date.parse(failing!.nextAttemptAt!) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(45);
    expect(minutes).toBeLessThan(75);
    expect(waiting).toMatchObject({ status: 'pending', attempts: [], nextAttemptAt: null });
    expect((await replica.api('GET', `/v1/deliveries/${waiting!.id}`)).body).toEqual(waiting);

    await retryNow(id);
    const [, dead] = await become(id, ['pending', 'dead']);
    expect(dead).toMatchObject({ id: failing!.id, nextAttemptAt: null });
    expect(dead!.attempts).toHaveLength(3);
    receiver.answer = () => 204;
    await retryNow(id);
    expect((await become(id, ['delivered', 'dead']))[0]!.id).toBe(waiting!.id);
  });

  it('are pending, without a time, while the endpoint is disabled', async () => {
    const { id } = await replica.endpoint(receiver.origin, { eventTypes: ['watch.failed'] });
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox, 1, 'watch.expired');
    await replica.append(mailbox, 1, 'watch.failed');
    expect(await list({ endpointId: id })).toMatchObject([
      { eventType: 'watch.failed', status: 'pending', attempts: [], nextAttemptAt: null },
    ]);
  });

  it('are filtered by endpoint, mailbox, event and status', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    const failing = await replica.endpoint(`${receiver.origin}/failing`);
    receiver.answer = ({ path }) => (path === '/failing' ? 500 : 204);
    const other = await insertMailbox(database.dataSource);
    await replica.append(mailbox, 2);
    await replica.append(other);
    await become(id, ['delivered', 'delivered', 'delivered']);
    await eventually(() => list({ endpointId: failing.id, status: 'pending' }), {
      until: (seen) => seen.filter(({ attempts }) => attempts.length === 2).length === 2,
    });
    expect(await list({ mailboxId: mailbox.id })).toHaveLength(4);
    expect(await list({ mailboxId: other.id, endpointId: id })).toMatchObject([{ status: 'delivered' }]);
    const [, second] = await events();
    const ofEvent = await list({ eventId: second!.id });
    expect(ofEvent.map(({ endpointId, status }) => [endpointId, status]).sort()).toEqual(
      [
        [id, 'delivered'],
        [failing.id, 'pending'],
      ].sort(),
    );
    expect(await list({ eventId: second!.id, status: 'delivered' })).toMatchObject([{ endpointId: id }]);
    expect(await list({ endpointId: id, status: 'pending' })).toEqual([]);
    for (const bad of [
      ...['status=lost', 'status=', 'eventId=%00', 'mailboxId=', 'colour=red'],
      ...[`endpointId=${newId('end')}`, 'eventId=something+else'],
    ])
      expect((await replica.api('GET', `/v1/deliveries?${bad}`)).status).toBe(400);
  });

  it('are listed page by page, attempted or not, each once', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    const { id: paused } = await replica.endpoint(`${receiver.origin}/paused`);
    await replica.api('PATCH', `/v1/endpoints/${paused}`, { status: 'disabled' });
    await replica.append(mailbox, 7);
    await become(
      id,
      Array.from({ length: 7 }, () => 'delivered'),
    );
    const seen: Delivery[] = [];
    for (let cursor = ''; ;) {
      const { body } = await replica.api('GET', `/v1/deliveries?limit=3${cursor}`);
      seen.push(...body.data);
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toHaveLength(14);
    expect(new Set(seen.map((delivery) => delivery.id)).size).toBe(14);
    const ids = seen.map((delivery) => delivery.id);
    expect(ids).toEqual([...ids].sort().reverse());
    const { body } = await replica.api('GET', '/v1/deliveries?cursor=nonsense');
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'cursor' }] });
  });

  describe('that wait for their next attempt', () => {
    const settledAs = (endpointId: string, until: (seen: Delivery[]) => boolean) =>
      eventually(() => list({ endpointId }), { until });
    /** Two attempts have failed, and the next one is an hour away. */
    const waiting = async (fields: object, count: number) => {
      const { id } = await replica.endpoint(receiver.origin, fields);
      receiver.answer = () => 500;
      await replica.append(mailbox, count);
      await settledAs(id, (seen) => seen.some(({ attempts }) => attempts.length === 2));
      receiver.answer = () => 204;
      return id;
    };
    const allDelivered = (seen: Delivery[]) => seen.every(({ status }) => status === 'delivered');

    it.each([
      ['the first of its mailbox', { ordering: 'mailbox' }, 0],
      ['one that waits for its turn', { ordering: 'mailbox' }, 1],
      ['a parked one', { ordering: 'none' }, 0],
    ])('are tried now on request: %s', async (_which, fields, turn) => {
      const id = await waiting(fields, turn + 1);
      const delivery = (await list({ endpointId: id })).at(-1 - turn);
      const { status, body } = await replica.api('POST', `/v1/deliveries/${delivery!.id}/retry`);
      expect([status, body.id]).toEqual([202, delivery!.id]);
      await settledAs(id, allDelivered);
    });

    it.each(['mailbox', 'none'])(
      'are tried now when the endpoint is recovered, with ordering %s',
      async (ordering) => {
        const id = await waiting({ ordering }, 1);
        expect((await replica.api('POST', `/v1/endpoints/${id}/recover`)).body).toEqual({ count: 1 });
        await settledAs(id, allDelivered);
        expect((await replica.api('POST', `/v1/endpoints/${id}/recover`)).body).toEqual({ count: 0 });
      },
    );
  });

  describe('that are dead', () => {
    const die = async (count: number, fields: object = {}) => {
      const { id } = await replica.endpoint(receiver.origin, fields);
      receiver.answer = () => 500;
      await replica.append(mailbox, count);
      await eventually(() => list({ endpointId: id, status: 'dead' }), {
        until: (dead) => (void retryNow(id), dead.length === count),
      });
      receiver.received.length = 0;
      return id;
    };

    it('are tried again one by one, with all their attempts anew', async () => {
      const id = await die(2);
      const [second] = await list({ endpointId: id });
      const { status, body } = await replica.api('POST', `/v1/deliveries/${second!.id}/retry`);
      expect([status, body.status, body.id]).toEqual([202, 'pending', second!.id]);
      await eventually(() => replica.api('GET', `/v1/deliveries/${second!.id}`), {
        until: (answer) => answer.body.attempts.length === 5,
      });
      receiver.answer = () => 200;
      await retryNow(id);
      const [retried, first] = await become(id, ['delivered', 'dead']);
      expect(retried!.attempts.map((attempt) => attempt.status)).toEqual([500, 500, 500, 500, 500, 200]);
      expect(first!.attempts).toHaveLength(3);
      expect(new Set(receiver.received.map(({ event }) => event.id))).toEqual(new Set([second!.eventId]));
    });

    it('are tried again all together, or since a time', async () => {
      const id = await die(2, { ordering: 'none' });
      receiver.answer = () => 200;
      const later = new Date(Date.now() + 10_000).toISOString();
      const recover = (payload?: object) => replica.api('POST', `/v1/endpoints/${id}/recover`, payload);
      expect(await recover({ since: later })).toEqual({ status: 202, body: { count: 0 } });
      expect(await recover()).toEqual({ status: 202, body: { count: 2 } });
      await become(id, ['delivered', 'delivered']);
      expect(await recover({})).toEqual({ status: 202, body: { count: 0 } });
      for (const since of ['yesterday', '2999-01-01T00:00:00Z', '2026-02-30T00:00:00Z'])
        expect((await recover({ since })).status).toBe(400);
      expect((await replica.api('POST', `/v1/endpoints/${newId('end')}/recover`)).status).toBe(404);
    });

    it('or pending, and not delivered, can be tried again', async () => {
      const { id } = await replica.endpoint(receiver.origin);
      await replica.append(mailbox);
      const [delivered] = await become(id, ['delivered']);
      const { status, body } = await replica.api('POST', `/v1/deliveries/${delivered!.id}/retry`);
      expect([status, body.code]).toEqual([409, 'delivery_not_dead']);
      for (const unknown of ['dlv_x', 'dlv_%00', `dlv_${'0'.repeat(52)}`])
        expect((await replica.api('POST', `/v1/deliveries/${unknown}/retry`)).status).toBe(404);
    });
  });

  it('go with their endpoint', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    await replica.append(mailbox, 2);
    await become(id, ['delivered', 'delivered']);
    await replica.api('DELETE', `/v1/endpoints/${id}`);
    expect(await list({ mailboxId: mailbox.id })).toEqual([]);
    for (const table of ['deliveries', 'delivery_cursors', 'endpoint_secrets'])
      expect(
        await database.dataSource.query(`SELECT 1 FROM ${table} WHERE endpoint_id = $1`, [id]),
      ).toHaveLength(0);
  });
});
