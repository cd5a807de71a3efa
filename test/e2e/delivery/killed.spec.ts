import { tmpdir } from 'node:os';
import { Receiver } from '../../fakes/receiver/receiver';
import { ApiClient } from '../../support/api-client';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { fillFleet } from '../../support/delivery/large-fleet';
import { tasksDone } from '../../support/delivery/tasks-done';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { TestProcess } from '../../support/program/test-process';
import { API_KEY, SETTINGS, TestReplica, insertMailbox } from '../../support/test-replica';

const TIMES = { DELIVERY_RETRY_DELAYS: '50ms,50ms' };

/** What the built program leaves behind when it is killed with SIGKILL in the middle of deliveries. */
describe('a killed replica', () => {
  let database: TestDatabase;
  let program: TestProcess | undefined;
  let inProcess: TestReplica | undefined;
  let receiver: Receiver;
  let other: Receiver;
  beforeAll(async () => {
    [database, receiver, other] = await Promise.all([
      createTestDatabase(),
      Receiver.start(),
      Receiver.start(),
    ]);
  });
  afterEach(() => Promise.all([program?.signal('SIGKILL'), inProcess?.stop()]));
  afterAll(async () => {
    await Promise.all([receiver.stop(), other.stop()]);
    await database.drop();
  });

  /** What nobody kills. */
  async function startInProcess(): Promise<ApiClient> {
    inProcess = await TestReplica.start(database.url, TIMES);
    return new ApiClient(inProcess.address, API_KEY);
  }

  async function start(): Promise<ApiClient> {
    const port = await freePort();
    program = TestProcess.start(
      { ...SETTINGS, PORT: String(port), DATABASE_URL: database.url, ...TIMES },
      tmpdir(),
    );
    const origin = `http://127.0.0.1:${port}`;
    await eventually(() => fetch(`${origin}/health/live`).catch(() => undefined), { timeout: 25_000 });
    return new ApiClient(origin, API_KEY);
  }

  it('loses nothing of a replay, and its attempts are shown as of unknown outcome', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    const appending = await TestReplica.start(database.url, TIMES);
    const { id: replayed } = await appending.endpoint(receiver.origin);
    const { id: failing } = await appending.endpoint(other.origin, { eventTypes: ['watch.failed'] });
    other.answer = () => 500;
    await appending.append(mailbox, 4);
    await appending.append(mailbox, 1, 'watch.failed');
    const [dead] = await eventually(
      async () => (await appending.api('GET', `/v1/deliveries?endpointId=${failing}&status=dead`)).body.data,
      { until: (seen) => seen.length === 1 },
    );
    await eventually(() => receiver.received.length === 5);
    await appending.stop();

    const doomed = await start();
    receiver.received.length = other.received.length = 0;
    for (const each of [receiver, other]) each.answer = () => Promise.resolve('nothing');
    await doomed.post(`/v1/deliveries/${dead!.id}/retry`, undefined, 202);
    const { data: events } = await doomed.get('/v1/events');
    await doomed.post(`/v1/endpoints/${replayed}/replay`, { after: events[1]!.id }, 202);
    await eventually(() => receiver.received.length === 1 && other.received.length === 1);
    await program!.signal('SIGKILL');

    for (const each of [receiver, other]) each.answer = () => 200;
    const api = await startInProcess();
    const delivered = async (id: string) =>
      (await api.get(`/v1/deliveries?endpointId=${id}&status=delivered`)).data;
    await eventually(() => delivered(replayed), { timeout: 25_000, until: (seen) => seen.length === 5 });
    const [retried] = await eventually(() => delivered(failing), { until: (seen) => seen.length === 1 });
    expect(receiver.sequences()).toEqual([3, 3, 4, 5]);
    const unknown = { status: null, error: expect.stringContaining('outcome unknown') };
    const ofReplay = `endpointId=${replayed}&eventId=${events[2]!.id}`;
    const [delivery] = (await api.get(`/v1/deliveries?${ofReplay}`)).data;
    expect(delivery!.attempts).toMatchObject([{ status: 204 }, unknown, { status: 200 }]);
    expect(retried!.attempts.slice(3)).toMatchObject([unknown, { status: 200 }]);
    expect(retried!.attempts).toHaveLength(5);
  }, 90_000);

  it('loses nothing of a replay or a deletion that it was working on in batches', async () => {
    const MAILBOXES = 20_000;
    await fillFleet(database.dataSource, MAILBOXES);
    const count = async (what: string) => {
      const [row] = await database.dataSource.query<[{ count: number }]>(
        `SELECT count(*)::int AS count FROM ${what}`,
      );
      return row.count;
    };
    const first = await start();
    const { id } = await first.post('/v1/endpoints', { url: receiver.origin }, 201);
    await first.patch(`/v1/endpoints/${id}`, { status: 'disabled' });
    await tasksDone(database.dataSource);
    await first.post(`/v1/endpoints/${id}/replay`, { since: '2000-01-01T00:00:00Z' }, 202);
    await program!.signal('SIGKILL');
    const ofEndpoint = `delivery_cursors WHERE endpoint_id = '${id}'`;
    expect(await count(ofEndpoint)).toBeLessThan(MAILBOXES);

    const second = await start();
    await tasksDone(database.dataSource);
    expect(await count(`${ofEndpoint} AND sequence = 0`)).toBeGreaterThanOrEqual(MAILBOXES);
    await second.delete(`/v1/endpoints/${id}`, 204);
    await program!.signal('SIGKILL');
    expect(await count(ofEndpoint)).toBeGreaterThan(0);

    await startInProcess();
    await tasksDone(database.dataSource);
    expect(await count(ofEndpoint)).toBe(0);
  }, 120_000);
});
