import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { Receiver } from '../../fakes/receiver/receiver';
import type { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { TestCluster } from '../../support/program/test-cluster';

const PRELOAD = join(__dirname, '../../support/program/skewed-clock.cjs');
const WATCH = 'gmail.users.watch';

/** Some hundred are made by polls and by the work itself; thousands by a loop that takes up what it thinks is not due. */
const MAX_TRANSACTIONS = 1_500;

/** How far the clock of the replica is off, in milliseconds. */
const AN_HOUR = [
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
] as const;

describe('a replica whose clock is wrong', () => {
  let cluster: TestCluster;
  const create = async () => void (cluster = await TestCluster.create({ WATCH_RENEWAL_INTERVAL: '100ms' }));
  const close = () => cluster?.close();

  const startWithSkew = async (skew: number) => {
    const before = Date.now();
    const settings = { NODE_OPTIONS: `--require=${PRELOAD}`, CLOCK_SKEW_MS: String(skew) };
    const replica = await cluster.start(settings);
    // Its log has the time as the process sees it.
    const seen = Number(replica.program.lines[0]!.time);
    expect(seen).toBeGreaterThanOrEqual(before + skew);
    expect(seen).toBeLessThanOrEqual(Date.now() + skew);
    return replica;
  };
  const transactions = async (): Promise<number> => {
    const [row] = await cluster.database.dataSource.query<[{ count: string }]>(
      'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
    );
    return Number(row.count);
  };

  describe.each(AN_HOUR)('by an hour, %s', (_name, skew) => {
    let api: ApiClient;
    beforeAll(async () => {
      await create();
      ({ api } = await startWithSkew(skew));
    });
    afterAll(close);

    it('lets links live as long as they say, and reads times by the right clock', async () => {
      const { url } = await api.post('/v1/connect-sessions', {}, 201);
      const answer = () => fetch(url, { redirect: 'manual' });
      expect((await answer()).status).toBe(302);
      await cluster.database.dataSource.query(
        `UPDATE connect_sessions SET expires_at = now() - interval '1 s'`,
      );
      expect((await answer()).status).toBe(410);
      const { id } = await api.post('/v1/endpoints', { url: 'http://127.0.0.1:9/x' }, 201);
      await api.post(`/v1/endpoints/${id}/replay`, { since: new Date().toISOString() }, 202);
    });

    it('signs webhooks at a time that receivers accept', async () => {
      const receiver = await Receiver.start();
      const { id, secret } = await api.post('/v1/endpoints', { url: receiver.origin }, 201);
      expect(await api.post(`/v1/endpoints/${id}/test`)).toMatchObject({ status: 204 });
      await receiver.stop();
      const [received] = receiver.received;
      const verified = () => new Webhook(secret).verify(received!.body, received!.headers);
      expect(verified).not.toThrow();
      const occurredAt = Date.parse((verified() as { occurredAt: string }).occurredAt);
      expect(Math.abs(occurredAt - Date.now())).toBeLessThan(60_000);
    });
  });

  describe('by less', () => {
    beforeEach(create);
    afterEach(close);

    it.each([
      ['20 s behind', -20_000],
      ['20 s ahead', 20_000],
      ['a minute behind', -60_000],
    ])(
      'does in time what the database says is due, and nothing without need: %s',
      async (_name, skew) => {
        const { api } = await startWithSkew(skew);
        const { database, google } = cluster;
        const started = await cluster.connect('ada@example.com', { api });
        const mailbox = await api.get(`/v1/mailboxes/${started.id}`);
        const before = await transactions();

        const asked = google.requests.count({ method: WATCH });
        await database.dataSource.query('UPDATE watches SET renew_at = now()');
        await eventually(() => google.requests.count({ method: WATCH }) > asked, { timeout: 5_000 });
        const due = () => database.dataSource.query('SELECT FROM watches WHERE renew_at <= now()');
        await eventually(due, { timeout: 5_000, until: ({ length }: unknown[]) => length === 0 });

        google.deliver(mailbox.emailAddress);
        const types = async () => (await api.events({ mailboxId: mailbox.id })).map(({ type }) => type);
        await eventually(types, { timeout: 5_000, until: (seen) => seen.includes('message.added') });

        await database.dataSource.query(`UPDATE watches SET expires_at = now() + interval '500 ms'`);
        await eventually(types, { timeout: 5_000, until: (seen) => seen.includes('watch.expired') });

        await api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
        await eventually(types, { timeout: 5_000, until: (seen) => seen.includes('mailbox.disconnected') });
        expect(google.requests.count({ method: WATCH })).toBe(asked + 1);
        expect((await transactions()) - before).toBeLessThan(MAX_TRANSACTIONS);
      },
      60_000,
    );
  });
});
