import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { API_KEY, TestReplica, insertMailbox, type TestMailbox } from '../../support/test-replica';
import { percentile } from '../../support/percentile';
import { StreamClient, type StreamOptions } from '../../support/event/stream-client';

describe('GET /v1/events/stream', () => {
  let database: TestDatabase;
  let replica: TestReplica;
  let other: TestReplica;
  let ada: TestMailbox;
  let bob: TestMailbox;
  const clients: StreamClient[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url);
    other = await TestReplica.start(database.url);
    ada = await insertMailbox(database.dataSource);
    bob = await insertMailbox(database.dataSource);
  });
  afterEach(() => clients.splice(0).forEach((client) => client.close()));
  afterAll(async () => {
    await Promise.all([replica?.stop(), other?.stop()]);
    await database?.drop();
  });

  const open = async (options: Partial<StreamOptions> = {}, at = replica) => {
    const client = await StreamClient.open(at.address, { key: API_KEY, ...options });
    clients.push(client);
    return client;
  };
  const list = async (query = '') => (await replica.api('GET', `/v1/events?limit=500${query}`)).body.data;
  /** Appends, and waits until the list shows it: other test files' transactions may hide it for a moment. */
  const append = async (mailbox = ada, count = 1, type?: Parameters<TestReplica['append']>[2]) => {
    const before = (await list()).length;
    await replica.append(mailbox, count, type);
    return (await eventually(() => list(), { until: ({ length }) => length === before + count })).slice(
      -count,
    );
  };
  const received = (client: StreamClient, count: number) =>
    eventually(() => client.events, { until: ({ length }) => length >= count });

  it('reports where it begins to a client that names no event, so that nothing is lost before the first one comes', async () => {
    const ofNothing = await open();
    await eventually(() => ofNothing.retry);
    expect(ofNothing.raw).toBe(': connected\nretry: 1000\nid: \n\n');
    const [first] = await append();
    const client = await open();
    await eventually(() => client.retry);
    expect(client.raw).toBe(`: connected\nretry: 1000\nid: ${first!.id}\n\n`);
    client.close();
    const missed = await append();
    expect(await received(await open({ lastEventId: client.lastEventId }), 1)).toEqual(missed);
    const resumed = await open({ lastEventId: first!.id });
    await eventually(() => resumed.retry);
    expect(resumed.raw).toMatch(/^: connected\nretry: 1000\n\n/);
  });

  it('sends what the list shows, as it shows it, with headers that no proxy holds back', async () => {
    const client = await open();
    const events = await append(ada, 3);
    expect(await received(client, 3)).toEqual(events);
    expect(client.raw).toContain(`id: ${events[0]!.id}\ndata: ${JSON.stringify(events[0])}\n\n`);
    expect(client.retry).toBe(1_000);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it('begins with the next event, or after the one that is named, or after the one received last', async () => {
    const [first, second, third] = await append(ada, 3);
    const [next, after, resumed] = await Promise.all([
      open(),
      open({ query: { after: first!.id } }),
      open({ query: { after: first!.id }, lastEventId: second!.id }),
    ]);
    const [fourth] = await append();
    expect(await received(next, 1)).toEqual([fourth]);
    expect(await received(after, 3)).toEqual([second, third, fourth]);
    expect(await received(resumed, 2)).toEqual([third, fourth]);
  });

  it('keeps to its filters, when it catches up and when it follows', async () => {
    const [start] = await append();
    const rounds = async () => [
      ...(await append(ada, 1, 'message.added')),
      ...(await append(bob, 1, 'message.added')),
      ...(await append(ada, 1, 'message.deleted')),
      ...(await append(bob, 1, 'watch.failed')),
    ];
    const before = await rounds();
    const after = start!.id;
    const ofAda = await open({ query: { after, mailboxId: ada.id } });
    const some = await open({ query: { after, types: 'message.added,watch.failed' } });
    const both = await open({ query: { after, mailboxId: bob.id, types: 'message.added' } });
    const all = [...before, ...(await rounds())];
    expect(await received(ofAda, 4)).toEqual(all.filter(({ mailbox }) => mailbox!.id === ada.id));
    expect(await received(some, 6)).toEqual(all.filter(({ type }) => type !== 'message.deleted'));
    expect(await received(both, 2)).toEqual([all[1], all[5]]);
  });

  it('answers with a problem before it begins', async () => {
    const refusal = (options: Partial<StreamOptions>) =>
      StreamClient.refusal(replica.address, { key: API_KEY, ...options });
    const [oldest] = await list();
    expect(await refusal({ key: '' })).toMatchObject({ status: 401, problem: { code: 'unauthorized' } });
    for (const options of [{ lastEventId: 'nonsense' }, { query: { after: 'nonsense' } }])
      expect(await refusal(options)).toMatchObject({ status: 400, problem: { code: 'validation_failed' } });
    expect(await refusal({ query: { types: 'message.sent' } })).toMatchObject({ status: 400 });
    for (const options of [{ lastEventId: 'evt_never' }, { query: { after: 'evt_never' } }])
      expect(await refusal(options)).toMatchObject({
        status: 410,
        problem: {
          code: 'cursor_expired',
          oldestEventId: oldest!.id,
          detail: expect.stringMatching(oldest!.id),
        },
      });
  });

  it('is woken at once by work on another replica', async () => {
    const client = await open({}, other);
    const waits: number[] = [];
    for (let n = 1; n <= 20; n++) {
      const start = performance.now();
      await replica.append(ada);
      await received(client, n);
      waits.push(performance.now() - start);
    }
    // Far below the second after which it would look anyway, on a machine that other tests share.
    expect(percentile(waits, 0.5)).toBeLessThan(250);
  });

  it('waits for an older transaction, and then needs nobody to wake it', async () => {
    const client = await open();
    const waits: number[] = [];
    for (let n = 1; n <= 5; n++) {
      const older = database.dataSource.createQueryRunner();
      await older.startTransaction();
      await older.query('SELECT pg_current_xact_id()');
      await other.append(ada);
      await delay(150);
      expect(client.events.length).toBe(n - 1);
      await older.rollbackTransaction();
      await older.release();
      const start = performance.now();
      await received(client, n);
      waits.push(performance.now() - start);
    }
    // Sooner than the look that comes every second anyway.
    expect(percentile(waits, 0.8)).toBeLessThan(350);
    expect(client.ids).toEqual((await list()).slice(-5).map(({ id }) => id));
  });

  it('reads the log once for all who follow it', async () => {
    const readers = await Promise.all(Array.from({ length: 200 }, () => open()));
    const query = jest.spyOn(replica.application.get(DataSource).logger, 'logQuery');
    for (let n = 0; n < 10; n++) await other.append(ada);
    await Promise.all(readers.map((reader) => received(reader, 10)));
    const reads = query.mock.calls.filter(([text]) => /bytes_before/.test(text));
    query.mockRestore();
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.length).toBeLessThan(40);
    for (const reader of readers) expect(reader.ids).toEqual(readers[0]!.ids);
  });

  it('shows that it is open, and how far it has read, while the filter lets nothing through', async () => {
    const client = await open({ query: { types: 'mailbox.gap' } });
    const [event] = await append();
    expect(client.lastEventId).not.toBe(event!.id);
    await eventually(() => client.comments.includes('heartbeat'), { timeout: 20_000 });
    expect(client.lastEventId).toBe(event!.id);
    expect(client.events).toEqual([]);
  });

  it('ends in good order when its replica stops, and goes on at another', async () => {
    const stopping = await TestReplica.start(database.url);
    const client = await open({}, stopping);
    const [first] = await append();
    await received(client, 1);
    await stopping.stop();
    expect(client.endedBy).toBe('end');
    expect(client.comments.at(-1)).toBe('the service is stopping: connect again');
    expect(client.retry).toBeGreaterThanOrEqual(1_000);
    const [second] = await append();
    const resumed = await open({ lastEventId: client.lastEventId });
    expect(client.events).toEqual([first]);
    expect(await received(resumed, 1)).toEqual([second]);
  });
});
