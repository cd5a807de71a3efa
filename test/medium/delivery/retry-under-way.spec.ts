import type { Delivery } from '../../support/api-types';
import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';

/** A retry that is not asked for comes too late for every test. */
const DELIVERY_RETRY_DELAYS = '1h,1h';

describe('a retry that is asked for while an attempt is under way', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS });
  let { replica, receiver, mailbox } = test;
  beforeEach(() => void ({ replica, receiver, mailbox } = test));

  const list = async (endpointId: string) =>
    (await replica.api('GET', `/v1/deliveries?endpointId=${endpointId}`)).body.data;
  const settled = (endpointId: string, until: (newest: Delivery) => boolean) =>
    eventually(async () => (await list(endpointId))[0]!, { until });
  const statuses = ({ attempts }: Delivery) => attempts.map(({ status }) => status);

  const retry = async (endpointId: string, which = 0) =>
    replica.api('POST', `/v1/deliveries/${(await list(endpointId))[which]!.id}/retry`);
  const recover = (endpointId: string, payload?: object) =>
    replica.api('POST', `/v1/endpoints/${endpointId}/recover`, payload);

  const ASKS: Record<string, (endpointId: string) => Promise<void>> = {
    retry: async (id) => expect((await retry(id)).status).toBe(202),
    recover: async (id) => expect(await recover(id)).toEqual({ status: 202, body: { count: 1 } }),
  };

  /** The attempt of this number waits for its answer, and those before it fail; resolves when it is under way. */
  const underWay = async (endpointId: string, number: number) => {
    let answer = (_status: number) => {};
    const answered = new Promise<number>((resolve) => (answer = resolve));
    const earlier = receiver.received.length;
    receiver.answer = () => {
      const made = receiver.received.length - earlier;
      return made < number ? 500 : made === number ? answered : 204;
    };
    await replica.append(mailbox);
    for (let failed = 1; failed < number; failed++) {
      await settled(
        endpointId,
        ({ attempts, nextAttemptAt }) => attempts.length === failed && !!nextAttemptAt,
      );
      await retry(endpointId);
    }
    await eventually(() => receiver.received.length, { until: (received) => received === earlier + number });
    return answer;
  };

  const failed = (count: number) => Array.from({ length: count }, () => 500);

  it.each([
    ['retry', 'mailbox', 'the first attempt', 1],
    ['retry', 'mailbox', 'the second attempt', 2],
    ['retry', 'mailbox', 'the last attempt', 3],
    ['retry', 'none', 'the first attempt', 1],
    ['retry', 'none', 'an attempt of a parked delivery', 2],
    ['retry', 'none', 'the last attempt of a parked delivery', 3],
    ['recover', 'mailbox', 'the first attempt', 1],
    ['recover', 'mailbox', 'the second attempt', 2],
    ['recover', 'mailbox', 'the last attempt', 3],
    ['recover', 'none', 'the first attempt', 1],
    ['recover', 'none', 'an attempt of a parked delivery', 2],
    ['recover', 'none', 'the last attempt of a parked delivery', 3],
  ])('follows at once when that has failed: %s, ordering %s, %s', async (ask, ordering, _which, number) => {
    const { id } = await replica.endpoint(receiver.origin, { ordering });
    const answer = await underWay(id, number);
    await ASKS[ask]!(id);
    expect(receiver.received).toHaveLength(number);
    answer(500);
    const delivered = await settled(id, ({ status }) => status === 'delivered');
    expect(statuses(delivered)).toEqual([...failed(number), 204]);
    expect(await recover(id)).toEqual({ status: 202, body: { count: 0 } });
  });

  it.each([
    ['mailbox', 1],
    ['none', 1],
    ['none', 2],
  ])('is forgotten when that has succeeded: ordering %s, attempt %i', async (ordering, number) => {
    const { id } = await replica.endpoint(receiver.origin, { ordering });
    const answer = await underWay(id, number);
    await ASKS.retry!(id);
    answer(204);
    const delivered = await settled(id, ({ status }) => status === 'delivered');
    expect(statuses(delivered)).toEqual([...failed(number - 1), 204]);
    receiver.answer = () => 500;
    await replica.append(mailbox);
    const waiting = await settled(id, ({ status, attempts }) => status === 'pending' && attempts.length > 0);
    expect(Date.parse(waiting.nextAttemptAt!) - Date.now()).toBeGreaterThan(30 * 60_000);
  });

  it('of a parked delivery concerns no other delivery', async () => {
    const { id } = await replica.endpoint(receiver.origin, { ordering: 'none' });
    receiver.answer = () => 500;
    await replica.append(mailbox);
    await settled(id, ({ attempts }) => attempts.length === 1);
    const answer = await underWay(id, 1);
    expect((await retry(id, 1)).status).toBe(202);
    await eventually(() => list(id), { until: ([, first]) => first?.status === 'delivered' });
    answer(500);
    const waiting = await settled(id, ({ attempts }) => attempts.length > 0);
    expect(Date.parse(waiting.nextAttemptAt!) - Date.now()).toBeGreaterThan(30 * 60_000);
  });

  it.each(['mailbox', 'none'])(
    'of what was appended since a time concerns no older event, ordering %s',
    async (ordering) => {
      const { id } = await replica.endpoint(receiver.origin, { ordering });
      const answer = await underWay(id, 1);
      const ofAttempt = receiver.received.at(-1)!.at;
      const at = (time: number) => ({ since: new Date(time).toISOString() });
      expect((await recover(id, at(ofAttempt + 2_000))).body).toEqual({ count: 0 });
      expect((await recover(id, at(ofAttempt - 10_000))).body).toEqual({ count: 1 });
      answer(500);
      await settled(id, ({ status }) => status === 'delivered');
    },
  );

  it('of all waits for no cursor that another session holds, and comes to it when that is free', async () => {
    const { database } = test;
    const other = await insertMailbox(database.dataSource);
    const { id } = await replica.endpoint(receiver.origin);
    let answer = (_status: number) => {};
    const answered = new Promise<number>((resolve) => (answer = resolve));
    receiver.answer = () => answered;
    for (const one of [mailbox, other]) await replica.append(one);
    await eventually(() => receiver.received.length, { until: (received) => received === 2 });
    const requested = async () =>
      (
        await database.dataSource.query<{ mailbox_id: string }[]>(
          'SELECT mailbox_id FROM delivery_cursors WHERE endpoint_id = $1 AND retry_requested',
          [id],
        )
      ).map((row) => row.mailbox_id);
    const session = database.dataSource.createQueryRunner();
    await session.startTransaction();
    try {
      await session.query('SELECT FROM delivery_cursors WHERE mailbox_id = $1 FOR UPDATE', [mailbox.id]);
      expect(await recover(id)).toEqual({ status: 202, body: { count: 2 } });
      expect(await eventually(requested, { until: ({ length }) => length > 0 })).toEqual([other.id]);
    } finally {
      await session.rollbackTransaction();
      await session.release();
    }
    await eventually(requested, { until: ({ length }) => length === 2 });
    receiver.answer = () => 204;
    answer(500);
    await eventually(() => receiver.received.length, { until: (received) => received === 4 });
  });

  it.each(['pending', 'dead'])('is refused at an endpoint that is disabled: %s', async (status) => {
    const { id } = await replica.endpoint(receiver.origin);
    const answer = await underWay(id, status === 'dead' ? 3 : 1);
    answer(500);
    await settled(id, (newest) => newest.status === status && newest.attempts.length > 0);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    const refused = await retry(id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
    expect(refused.body).toMatchObject({ detail: expect.stringContaining(`PATCH /v1/endpoints/${id}`) });
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    // What is pending is tried then by itself.
    if (status === 'dead') expect((await retry(id)).status).toBe(202);
    await settled(id, (newest) => newest.status === 'delivered');
  });
});
