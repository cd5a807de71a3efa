import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { storedDeliveries } from '../../support/delivery/stored-deliveries';
import { tasksDone } from '../../support/delivery/tasks-done';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('delivery by several replicas', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let mailbox: TestMailbox;
  let running: TestReplica[];

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await Receiver.start();
    mailbox = await insertMailbox(database.dataSource);
    running = [];
  });
  afterEach(async () => {
    await receiver.stop();
    await Promise.all(running.map((replica) => replica.stop()));
    await database.drop();
  });

  async function start(environment: Record<string, string> = {}): Promise<TestReplica> {
    const replica = await TestReplica.start(database.url, environment);
    running.push(replica);
    return replica;
  }

  async function stop(replica: TestReplica): Promise<void> {
    running = running.filter((other) => other !== replica);
    await replica.stop();
  }

  const cursors = () => database.dataSource.query('SELECT * FROM delivery_cursors');
  const deliveries = () => storedDeliveries(database.dataSource);
  const received = (count: number) =>
    eventually(() => receiver.sequences(), { until: (seen) => seen.length >= count });
  /** A cursor as a replica leaves it that is killed in the middle of an attempt. */
  const leaveInAttempt = (ago: string, wanted = 2) =>
    database.dataSource.query(
      `UPDATE delivery_cursors SET claimed_by = 'dead', claimed_until = now() - interval '1 ms',
         attempt_started_at = now() - $1::interval, high_watermark = $2`,
      [ago, wanted],
    );

  it('hands each event over once and in order, whoever appends', async () => {
    const [one, two] = [await start(), await start()];
    await one.endpoint(receiver.origin);
    const other = await insertMailbox(database.dataSource);
    await Promise.all(
      upTo(20).flatMap(() => [one.append(mailbox, 2), two.append(mailbox), two.append(other, 3)]),
    );
    await received(120);
    await eventually(cursors, {
      until: (rows: { sequence: string; high_watermark: string }[]) =>
        rows.every((row) => row.sequence === row.high_watermark),
    });
    expect(receiver.sequences(mailbox.id)).toEqual(upTo(60));
    expect(receiver.sequences(other.id)).toEqual(upTo(60));
  });

  it('counts an attempt as failed whose outcome nobody knows, and makes the next when its time has come', async () => {
    const replica = await start({ DELIVERY_RETRY_DELAYS: '5s,5s' });
    const { id } = await replica.endpoint(receiver.origin);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox, 2);
    await leaveInAttempt('20 seconds');
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(2)).toEqual([1, 2]);
    const rows = await eventually(deliveries, {
      until: (seen) => seen.length === 2 && seen.every(({ status }) => status === 'delivered'),
    });
    expect(rows[0]!.attempts).toMatchObject([
      { status: null, latencyMs: null, error: expect.stringContaining('outcome unknown') },
      { status: 204, error: null },
    ]);
    expect(rows[1]!.attempts).toHaveLength(1);
  });

  it('waits out the rest of the delay after an attempt whose outcome nobody knows', async () => {
    const replica = await start({ DELIVERY_RETRY_DELAYS: '1h,1h' });
    const { id } = await replica.endpoint(receiver.origin);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox, 2);
    await leaveInAttempt('10 minutes');
    // Not by PATCH, which has the next attempt made at once.
    await database.dataSource.query(`UPDATE endpoints SET status = 'enabled' WHERE id = $1`, [id]);
    const [row] = await eventually(deliveries, { until: (seen) => seen.length === 1 });
    expect(row).toMatchObject({ status: 'pending' });
    const minutes = (row!.next_attempt_at!.getTime() - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(37);
    expect(minutes).toBeLessThan(63);
    expect(await cursors()).toMatchObject([{ attempts: 1, claimed_by: null, attempt_started_at: null }]);
    expect(receiver.received).toHaveLength(0);
  });

  it('counts and shows the lost attempt of a parked event likewise', async () => {
    const replica = await start({ DELIVERY_RETRY_DELAYS: '5s,5s' });
    const { id } = await replica.endpoint(receiver.origin, { ordering: 'none' });
    receiver.answer = () => 500;
    await replica.append(mailbox);
    await eventually(deliveries, { until: ([row]) => row?.attempts.length === 1 });
    receiver.answer = () => 200;
    await database.dataSource.query(
      `UPDATE deliveries SET claimed_by = 'dead', claimed_until = now() - interval '1 ms', next_attempt_at = now(),
         attempt_started_at = now() - interval '20 seconds'`,
    );
    const [delivery] = await eventually(
      async () => (await replica.api('GET', `/v1/deliveries?endpointId=${id}`)).body.data,
      { until: ([seen]) => seen!.status === 'delivered' },
    );
    expect(delivery!.attempts).toMatchObject([
      { status: 500 },
      { status: null, latencyMs: null, error: expect.stringContaining('outcome unknown'), response: null },
      { status: 200 },
    ]);
  });

  it('replays on whichever replica, while another one is in the middle of an attempt and dies', async () => {
    const replica = await start();
    const { id } = await replica.endpoint(receiver.origin);
    await replica.append(mailbox, 3);
    await eventually(deliveries, { until: (seen) => seen[2]?.status === 'delivered' });
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'disabled' });
    await replica.append(mailbox);
    // As it is left by a replica that is killed while it delivers the fourth event.
    await leaveInAttempt('1 second', 4);
    const { data } = (await replica.api('GET', '/v1/events')).body;
    await replica.api('POST', `/v1/endpoints/${id}/replay`, { after: data[0]!.id });
    // A claim before it has rewound would count the lost attempt, and rightly so.
    await tasksDone(database.dataSource);
    await replica.api('PATCH', `/v1/endpoints/${id}`, { status: 'enabled' });
    expect(await received(6)).toEqual([1, 2, 3, 2, 3, 4]);
    const rows = await eventually(deliveries, { until: (seen) => seen[3]?.status === 'delivered' });
    expect(rows.map(({ attempts }) => attempts.length)).toEqual([1, 2, 2, 1]);
  });

  it('lets attempts under way finish at shutdown, and gives its claims back', async () => {
    const [one, two] = [await start(), await start()];
    await one.endpoint(receiver.origin);
    await stop(two);
    let finish = (_status: number) => {};
    receiver.answer = () => new Promise<number>((resolve) => (finish = resolve));
    await one.append(mailbox, 3);
    await received(1);
    const stopped = stop(one);
    finish(200);
    await stopped;
    expect(await cursors()).toMatchObject([
      { sequence: '1', attempts: 0, claimed_by: null, claimed_until: null, attempt_started_at: null },
    ]);
    receiver.answer = () => 200;
    await start();
    expect(await received(3)).toEqual([1, 2, 3]);
  });

  it('cuts an attempt off that does not finish in time at shutdown, and counts it as failed', async () => {
    const replica = await start();
    await replica.endpoint(receiver.origin);
    receiver.answer = () => Promise.resolve('nothing');
    await replica.append(mailbox);
    await received(1);
    const began = Date.now();
    await stop(replica);
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(await cursors()).toMatchObject([
      { sequence: '0', attempts: 1, claimed_by: null, attempt_started_at: null },
    ]);
    expect((await deliveries())[0]).toMatchObject({
      status: 'pending',
      attempts: [{ status: null, error: expect.stringContaining('shutting down') }],
    });
  });
});
