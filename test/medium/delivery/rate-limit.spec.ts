import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { insertMailbox, type TestMailbox, TestReplica } from '../../support/test-replica';

/** The most that any 5 s hold. */
function mostIn5s(times: number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 5_000).length));
}

describe('the rate limit of an endpoint', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let mailbox: TestMailbox;
  let replicas: TestReplica[];
  beforeAll(async () => {
    database = await createTestDatabase();
    replicas = [];
    for (let n = 0; n < 2; n += 1)
      replicas.push(await TestReplica.start(database.url, { DELIVERY_RETRY_DELAYS: '100ms,100ms,100ms' }));
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await database.drop();
  });
  beforeEach(async () => {
    receiver = await Receiver.start();
    mailbox = await insertMailbox(database.dataSource);
  });
  afterEach(async () => {
    await receiver.stop();
    await replicas[0]!.deleteEndpoints();
  });

  const times = () => receiver.received.map(({ at }) => at);
  const received = (count: number, timeout = 30_000) =>
    eventually(() => receiver.received, { until: ({ length }) => length >= count, timeout });
  const append = (to: TestMailbox, count: number) => replicas[0]!.append(to, count);
  const patch = (id: string, fields: object) => replicas[0]!.api('PATCH', `/v1/endpoints/${id}`, fields);

  it('holds for all replicas and mailboxes together, keeps the order, and is used', async () => {
    const others = [await insertMailbox(database.dataSource), await insertMailbox(database.dataSource)];
    await replicas[0]!.endpoint(receiver.origin, { rateLimit: 10 });
    await Promise.all([mailbox, ...others].map((to) => append(to, 40)));
    await received(120);
    expect(mostIn5s(times())).toBeLessThanOrEqual(70);
    // 10 at once, and 10 a second: 11 s. Some go lost when replicas come to it at the same time.
    expect(times().at(-1)! - times()[0]!).toBeLessThan(16_000);
    for (const { id } of [mailbox, ...others])
      expect(receiver.sequences(id)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  }, 60_000);

  it('counts repeats, and not tests', async () => {
    const { id } = await replicas[0]!.endpoint(receiver.origin, { rateLimit: 2, ordering: 'none' });
    receiver.answer = ({ event }) =>
      event.type === 'endpoint.test' || receiver.received.length > 12 ? 204 : 500;
    await append(mailbox, 6);
    await received(8);
    const tested = performance.now();
    expect((await replicas[0]!.api('POST', `/v1/endpoints/${id}/test`)).body).toMatchObject({ status: 204 });
    expect(performance.now() - tested).toBeLessThan(1_000);
    await received(14);
    const attempts = receiver.received.filter(({ event }) => event.type !== 'endpoint.test');
    expect(mostIn5s(attempts.map(({ at }) => at))).toBeLessThanOrEqual(14);
  }, 60_000);

  it('takes fractions, and changes within seconds', async () => {
    const { id, rateLimit } = await replicas[0]!.endpoint(receiver.origin, { rateLimit: 0.1 });
    expect(rateLimit).toBe(0.1);
    await append(mailbox, 20);
    await received(1);
    await expect(received(2, 5_000)).rejects.toThrow();
    const changed = Date.now();
    expect((await patch(id, { rateLimit: 100 })).body).toMatchObject({ rateLimit: 100 });
    await received(20);
    expect(Date.now() - changed).toBeLessThan(5_000);
    expect((await patch(id, { rateLimit: null })).body).toMatchObject({ rateLimit: null });
    await append(mailbox, 20);
    await received(40, 5_000);
    expect(receiver.sequences()).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  }, 30_000);

  it('holds in any 5 s also when it is low', async () => {
    const others = [await insertMailbox(database.dataSource), await insertMailbox(database.dataSource)];
    const most = { '/0.25': 1, '/0.43': 3 };
    for (const path of Object.keys(most)) {
      const { id } = await replicas[0]!.endpoint(receiver.origin + path, {
        rateLimit: Number(path.slice(1)),
      });
      // A first request takes its time; a test does not count.
      await replicas[0]!.api('POST', `/v1/endpoints/${id}/test`);
    }
    receiver.received.length = 0;
    await Promise.all([mailbox, ...others].map((to) => append(to, 2)));
    const timesOf = (path: string) => receiver.received.flatMap((one) => (one.path === path ? [one.at] : []));
    await eventually(() => timesOf('/0.25').length >= 2 && timesOf('/0.43').length >= 4, { timeout: 20_000 });
    for (const [path, count] of Object.entries(most))
      expect(mostIn5s(timesOf(path))).toBeLessThanOrEqual(count);
  }, 30_000);

  it('delays nobody else, and holds nothing while it waits', async () => {
    const { id } = await replicas[0]!.endpoint(`${receiver.origin}/slow`, { rateLimit: 0.1 });
    await replicas[0]!.endpoint(`${receiver.origin}/quick`);
    const mailboxes = await Promise.all(Array.from({ length: 60 }, () => insertMailbox(database.dataSource)));
    const began = Date.now();
    await Promise.all(mailboxes.map((to) => append(to, 2)));
    const quick = () => receiver.received.filter(({ path }) => path === '/quick');
    await eventually(quick, { until: ({ length }) => length === 120, timeout: 10_000 });
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(receiver.received.length - quick().length).toBeLessThanOrEqual(1);
    const claims = () =>
      database.dataSource.query(
        'SELECT 1 FROM delivery_cursors WHERE endpoint_id = $1 AND claimed_by IS NOT NULL',
        [id],
      );
    await eventually(claims, { until: (rows: unknown[]) => rows.length === 0 });
  }, 30_000);

  it('is not used up by events that the filter leaves out', async () => {
    await replicas[0]!.endpoint(receiver.origin, { rateLimit: 0.2, filter: { type: 'watch.expired' } });
    for (let n = 0; n < 5; n += 1) await append(mailbox, 60);
    await replicas[0]!.append(mailbox, 1, 'watch.expired');
    await received(1, 5_000);
    expect(receiver.sequences()).toEqual([301]);
  }, 15_000);

  it('survives a process that was killed while it held permits', async () => {
    const { id } = await replicas[0]!.endpoint(receiver.origin, { rateLimit: 4 });
    const take = async () => {
      const [row] = await database.dataSource.query<[{ taken: string }]>(
        'SELECT take_delivery_permits($1, 4, 100, 0) AS taken',
        [id],
      );
      return Number(row.taken);
    };
    // As a claim of a process that dies before its attempts.
    expect(await take()).toBe(4);
    expect(await take()).toBe(0);
    await append(mailbox, 8);
    await received(8);
    expect(mostIn5s(times())).toBeLessThanOrEqual(28);
  }, 30_000);

  it.each([0, 0.09, -1, 1_001, '5', true])('is not %j', async (rateLimit) => {
    const { status, body } = await replicas[0]!.api('POST', '/v1/endpoints', {
      url: receiver.origin,
      rateLimit,
    });
    expect([status, body]).toMatchObject([400, { errors: [{ path: 'rateLimit' }] }]);
    const { id } = await replicas[0]!.endpoint(receiver.origin, { rateLimit: 1_000 });
    expect(await patch(id, { rateLimit })).toMatchObject({ status: 400 });
    expect((await replicas[0]!.api('GET', `/v1/endpoints/${id}`)).body).toMatchObject({ rateLimit: 1_000 });
  });
});
