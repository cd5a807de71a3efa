import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { startDoctorTest } from '../../support/commands/doctor-test';
import { createTestDatabase } from '../../support/database/database';
import { dumpOf } from '../../support/database/dump';
import { SELF_SIGNED_CERTIFICATE, SELF_SIGNED_KEY } from '../../support/database/tls-proxy';
import { eventually } from '../../support/eventually';
import { PUSH } from '../../support/test-app';

const OF_GOOGLE = ['project', 'topic', 'publisher', 'service-account', 'subscription', 'dead-letters'];
const TRUSTED = getCACertificates('default');

/** What is around the service, and what it says of itself; and `doctor`, which finds what is wrong with it. */
describe('the command doctor and the running service', () => {
  const test = startDoctorTest();
  const { doctor } = test;
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  const listening = async (server: Server) => {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return String((server.address() as AddressInfo).port);
  };
  const answering = (listener: RequestListener) => listening(createHttpServer(listener));
  const query = (text: string) => test.app.database.dataSource.query<unknown[]>(text);

  it('looks at nothing of Google’s without credentials, and says what to set', async () => {
    const { by, status } = await doctor({ GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json' });
    for (const name of OF_GOOGLE)
      expect(by[name]).toMatchObject({
        status: 'skipped',
        remedy: expect.stringContaining('Set GOOGLE_APPLICATION_CREDENTIALS'),
      });
    expect(status).toBe(0);
  });

  it('finds that the certificate of PUBLIC_URL does not verify, and nothing when it does', async () => {
    const live = await (await fetch(`${test.app.service.address}/health/live`)).text();
    const tls = { key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERTIFICATE };
    const port = await listening(createTlsServer(tls, (_, response) => response.end(live)));
    const settings = { PUBLIC_URL: `https://localhost:${port}` };
    expect((await doctor(settings)).by['public-url']).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/certificate/),
      remedy: expect.stringContaining('a certificate of a public authority'),
    });
    setDefaultCACertificates([SELF_SIGNED_CERTIFICATE]);
    try {
      expect((await doctor(settings)).by['public-url']).toMatchObject({ status: 'ok' });
    } finally {
      setDefaultCACertificates(TRUSTED);
    }
  });

  it.each([
    [10, 'ok'],
    [100, 'warning'],
    [400, 'failed'],
  ])('compares the clock with the Date of Google: %i s of difference are %s', async (seconds, status) => {
    const port = await answering((_, response) => {
      response.setHeader('date', new Date(Date.now() + seconds * 1_000).toUTCString());
      response.writeHead(404).end('{}');
    });
    const { by } = await doctor({ GOOGLE_ORIGIN: `http://127.0.0.1:${port}` });
    expect(by.clock).toMatchObject({ status, detail: expect.stringMatching(/\d+ s behind Google/) });
  });

  it.each([
    ['unavailable', { jobs: { status: 'down', detail: 'the sync loop has stalled' } }, 'failed'],
    ['degraded', { eventLog: { status: 'degraded', detail: 'the log lags' } }, 'warning'],
  ])('says of a service that is %s what is wrong with it: %j is %s', async (ready, checks, status) => {
    const port = await answering(({ url }, response) =>
      response.end(
        JSON.stringify(
          url === '/health/live' ? { status: 'ok' } : { status: ready, checks, data: [], nextCursor: null },
        ),
      ),
    );
    const { by } = await doctor({ PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: port });
    const [name, { detail }] = Object.entries(checks as Record<string, { detail: string }>)[0]!;
    expect(by.service).toMatchObject({ status, detail: `${name}: ${detail}.`, remedy: expect.any(String) });
  });

  it('finds that the last push is long ago, or that none has ever come', async () => {
    await query(`UPDATE mailbox_cursors SET last_notification_at = now() - interval '2 days'`);
    const late = await doctor();
    expect([late.by.push, late.status]).toMatchObject([
      { status: 'warning', remedy: expect.stringContaining('--round-trip') },
      0,
    ]);
    await query('UPDATE mailbox_cursors SET last_notification_at = NULL');
    const never = await doctor();
    expect([never.by.push, never.status]).toMatchObject([
      { status: 'failed', detail: expect.stringMatching(/None has arrived yet/) },
      1,
    ]);
    await query('UPDATE mailbox_cursors SET last_notification_at = now()');
  });

  it('finds watches that are overdue', async () => {
    test.app.google.topics.permit(PUSH.topic, false);
    await test.app.connect('refused@example.com');
    test.app.google.topics.permit(PUSH.topic, true);
    // The service counts them anew when twenty times as long has passed as the last count took: at once, where it was quick.
    const watches = await eventually(async () => (await doctor()).by.watches!, {
      until: ({ status }) => status !== 'ok',
    });
    expect(watches).toMatchObject({
      status: 'warning',
      remedy: expect.stringContaining('watch.lastError'),
    });
  });

  it('changes no row of a database, and makes nothing in an empty one', async () => {
    const database = await createTestDatabase();
    try {
      const before = await dumpOf(database.dataSource);
      const { by } = await doctor({ DATABASE_URL: database.url });
      expect([by.database!.status, by.migrations!.status]).toEqual(['ok', 'ok']);
      expect(before.length).toBeGreaterThan(0);
      expect(await dumpOf(database.dataSource)).toEqual(before);
      await database.dataSource.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      const empty = await doctor({ DATABASE_URL: database.url });
      expect([empty.by.database!.status, empty.by.migrations!.status]).toEqual(['ok', 'warning']);
      expect(empty.by['encryption-keys']).toMatchObject({
        status: 'skipped',
        detail: 'The database has no tables yet.',
      });
      const made = `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`;
      expect(await database.dataSource.query(made)).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});
