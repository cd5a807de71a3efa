import type { Mailbox } from '../../support/api-types';
import { call } from '../../support/call';
import { fillLog } from '../../support/event/fill-log';
import { eventually } from '../../support/eventually';
import { startPolling } from '../../support/http/start-polling';
import { percentile } from '../../support/percentile';
import { createTestApp, type TestApp } from '../../support/test-app';
import { insertMailbox } from '../../support/test-replica';
import { notification, sendPush, wrapped } from '../../support/webhook/push';

const EVENTS = 60_000;
const CLIENTS = 25;
const PUSHES = 6;
const BOB = 'bob@example.com';
/** A mailbox whose events are none of them. */
const QUIET = 'mbx_01h455vb4pex5vsknk084sn02q';

describe('clients that read as fast as they can', () => {
  let app: TestApp;
  let key: string;
  let bob: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    await app.connect('ada@example.com');
    bob = await app.connect(BOB);
    await fillLog(app.database.dataSource, await insertMailbox(app.database.dataSource), EVENTS);
    await insertMailbox(app.database.dataSource, QUIET);
    key = (await app.api.post('/v1/api-keys', { name: 'poller', scopes: ['read'] }, 201)).key;
  });
  afterAll(() => app?.close());

  /** Pushes and readiness one after the other: milliseconds of each, all of which must succeed. */
  const pushes = async (from: number): Promise<number[]> => {
    const times = [];
    for (let n = 0; n < PUSHES; n++) {
      const since = performance.now();
      const push = await sendPush(app, { body: wrapped(notification('ada@example.com', `"${from + n}"`)) });
      const ready = await call(app.service.address, 'GET', '/health/ready', { key: null });
      expect([push.status, ready.status]).toEqual([204, 200]);
      times.push(performance.now() - since);
    }
    return times;
  };

  /** Mails one after the other: milliseconds of each, from its arrival until its event is in the log. */
  const syncs = async (): Promise<number[]> => {
    const times = [];
    for (let n = 0; n < PUSHES; n++) {
      const since = performance.now();
      const { id } = app.google.deliver(BOB);
      const text = `SELECT 1 FROM events WHERE mailbox_id = $1 AND data ->> 'messageId' = $2`;
      const events = () => app.database.dataSource.query<unknown[]>(text, [bob.id, id]);
      await eventually(events, { until: ({ length }) => length === 1 });
      times.push(performance.now() - since);
    }
    return times;
  };

  /** The median of the work while clients poll the path. */
  const timeBeside = async (path: string, work: () => Promise<number[]>): Promise<number> => {
    const stop = await startPolling({ url: app.service.address + path, key, clients: CLIENTS });
    let answers: Record<string, number> = {};
    const times = await work().finally(async () => (answers = await stop()));
    expect(Object.keys(answers)).toEqual(['200']);
    return Math.max(percentile(times, 0.5), 15);
  };

  it.each([
    ['a filter that lets nothing through', '/v1/events?types=mailbox.gap'],
    ['a mailbox without events', `/v1/events?mailboxId=${QUIET}`],
    ['deliveries', '/v1/deliveries?status=dead'],
  ])('do not hold up pushes and readiness: %s', async (_, path) => {
    // The control run shares its cores with as many clients: what they ask costs the process as much, and nothing else.
    const control = await timeBeside('/health/live', () => pushes(1));
    const measured = await timeBeside(path, () => pushes(1_000));
    // Never what a queue of readers takes, 3 s and more.
    expect(measured / control).toBeLessThan(20);
  });

  it('do not hold up syncs', async () => {
    const control = await timeBeside('/health/live', syncs);
    const measured = await timeBeside('/v1/events?types=mailbox.gap', syncs);
    expect(measured / control).toBeLessThan(20);
  });

  it.each([
    ['reads', CLIENTS, 0, 2],
    ['changes', 0, CLIENTS, 2],
    ['reads and changes', CLIENTS, CLIENTS, 4],
  ])(
    'leave pushes, syncs and readiness connections when none of theirs is answered: %s',
    async (_, reads, changes, expected) => {
      const ask = (method: 'GET' | 'POST', path: string) =>
        call(app.service.address, method, path, { body: method === 'POST' ? {} : undefined });
      const { id } = await app.api.post('/v1/connect-sessions', {}, 201);
      const waiting = async () =>
        (
          await app.database.dataSource.query<unknown[]>(
            `SELECT FROM pg_locks WHERE NOT granted AND relation = 'connect_sessions'::regclass`,
          )
        ).length;
      const session = app.database.dataSource.createQueryRunner();
      await session.startTransaction();
      await session.query('LOCK TABLE connect_sessions IN ACCESS EXCLUSIVE MODE');
      const asked = [
        ...Array.from({ length: reads }, () => ask('GET', `/v1/connect-sessions/${id}`)),
        ...Array.from({ length: changes }, () => ask('POST', '/v1/connect-sessions')),
      ];
      try {
        await eventually(waiting, { until: (count) => count === expected });
        await pushes(2_000);
        await syncs();
        expect(await waiting()).toBe(expected);
      } finally {
        await session.rollbackTransaction();
        await session.release();
      }
      // Who waits for too long is asked to come again.
      for (const { status } of await Promise.all(asked)) expect([200, 201, 503]).toContain(status);
    },
  );
});
