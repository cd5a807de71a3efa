import { startDeliveryTest } from '../../support/delivery/delivery-test';
import { eventually } from '../../support/eventually';

/** A retry that nothing brings about comes too late for every test. */
const DELIVERY_RETRY_DELAYS = '1h,1h';

const GOOD = { 'x-token': 'good' };

describe('an endpoint that is changed', () => {
  const test = startDeliveryTest({ DELIVERY_RETRY_DELAYS });
  let { replica, receiver, mailbox, database } = test;
  beforeEach(() => void ({ replica, receiver, mailbox, database } = test));

  const change = async (id: string, fields: object) =>
    expect((await replica.api('PATCH', `/v1/endpoints/${id}`, fields)).status).toBe(200);
  const received = (count: number) =>
    eventually(() => receiver.sequences(), { until: ({ length }) => length === count });
  const waiting = () =>
    eventually(
      () => database.dataSource.query<unknown[]>(`SELECT FROM deliveries WHERE next_attempt_at > now()`),
      { until: ({ length }) => length === 1 },
    );

  const REPAIRS = [
    ['another URL', () => ({ url: `${receiver.origin}/new` })],
    ['other headers', () => ({ headers: GOOD })],
  ] as const;

  it.each(REPAIRS)('tries at once what waits for its next attempt: %s', async (_what, repair) => {
    const { id } = await replica.endpoint(`${receiver.origin}/old`);
    receiver.answer = ({ path, headers }) => (path === '/new' || headers['x-token'] ? 204 : 401);
    await replica.append(mailbox, 2);
    await waiting();
    await change(id, repair());
    expect(await received(3)).toEqual([1, 1, 2]);
  });

  it.each(REPAIRS)('tries at once what an attempt under way does not deliver: %s', async (_what, repair) => {
    const { id } = await replica.endpoint(`${receiver.origin}/old`);
    let answer = (_status: number) => {};
    const answered = new Promise<number>((resolve) => (answer = resolve));
    receiver.answer = () => (receiver.received.length === 1 ? answered : 204);
    await replica.append(mailbox, 2);
    await received(1);
    await change(id, repair());
    await eventually(
      () => database.dataSource.query<unknown[]>('SELECT FROM delivery_cursors WHERE retry_requested'),
      { until: ({ length }) => length === 1 },
    );
    answer(401);
    expect(await received(3)).toEqual([1, 1, 2]);
  });

  it('goes on with what comes after a failing event when its order no longer matters', async () => {
    const { id } = await replica.endpoint(receiver.origin);
    receiver.answer = ({ event }) => (event.sequence === 1 ? 500 : 204);
    await replica.append(mailbox, 3);
    await waiting();
    await change(id, { ordering: 'none' });
    expect(await received(4)).toEqual([1, 1, 2, 3]);
  });
});
