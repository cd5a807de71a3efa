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
});
