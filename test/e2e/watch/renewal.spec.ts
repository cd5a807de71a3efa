import type { Mailbox } from '../../support/api-types';
import { connectEach } from '../../support/connection/connect-many';
import { eventually } from '../../support/eventually';
import { everyEventOf } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';
import { WatchOutcomeService } from '../../../src/watch/watch-outcome.service';

const WATCH = 'gmail.users.watch';

describe('renewals', () => {
  let app: TestApp;
  afterEach(async () => {
    jest.restoreAllMocks();
    await app?.close();
  });

  const sql = (text: string, parameters: unknown[] = []) => app.database.dataSource.query(text, parameters);
  const allLater = () => sql(`UPDATE watches SET renew_at = now() + interval '1 day'`);
  const connect = (count: number) =>
    connectEach(
      app,
      Array.from({ length: count }, (_, n) => `box-${n}@example.com`),
    );
  const renewals = () => app.google.requests.list({ method: WATCH }).map(({ account }) => account);

  it('are made nearest expiry first until none is left, however many are due at once', async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '50ms' });
    const mailboxes = await connect(24);
    await allLater();
    const order = [...mailboxes].reverse();
    // The one that was connected last is the nearest to its expiry; all of them become due in one statement.
    app.google.requests.clear();
    await sql(
      `UPDATE watches SET renew_at = now(), expires_at = now() + interval '1 hour' + n * interval '1 minute'
       FROM unnest($1::text[]) WITH ORDINALITY AS o (id, n) WHERE mailbox_id = o.id`,
      [order.map(({ id }) => id)],
    );
    await eventually(renewals, { until: (made) => made.length >= mailboxes.length });
    // Eight at a time, which overtake each other among themselves only.
    const place = new Map(renewals().map((account, index) => [account, index]));
    for (const [index, { emailAddress }] of order.entries())
      expect(Math.floor(place.get(emailAddress)! / 8)).toBe(Math.floor(index / 8));
    const due = () => sql('SELECT 1 FROM watches WHERE renew_at <= now() OR claimed_by IS NOT NULL');
    await eventually(due, { until: ({ length }: unknown[]) => length === 0 });
    expect(renewals()).toHaveLength(mailboxes.length);
  });

  it('treat an answer without an expiry as a failure, and are made again', async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '50ms' });
    const [mailbox] = await connect(1);
    const { expiresAt } = mailbox!.watch!;
    const unusable = [
      {},
      { expiration: 'soon' },
      // Seconds.
      { expiration: String(Math.floor(Date.parse(expiresAt!) / 1_000)) },
      { expiration: '8640000000000001' },
      { expiration: String(Date.parse('+010000-01-01T00:00:00Z')), historyId: '1' },
      { expiration: String(Date.parse(expiresAt!)), historyId: '9'.repeat(20) },
    ];
    const faults = unusable.map((answer) =>
      app.google.failNext({ method: WATCH, status: 200, body: { historyId: '1', ...answer } }),
    );
    await sql('UPDATE watches SET renew_at = now()');
    const get = async () => (await app.api.get(`/v1/mailboxes/${mailbox!.id}`)).watch!;
    await eventually(get, { until: ({ lastError }) => lastError !== null });
    expect(await get()).toMatchObject({
      status: 'active',
      expiresAt,
      lastError: { code: 'gmail_unavailable', message: expect.stringContaining('expiration') },
    });
    // Longer and longer waits, up to a tenth of a week: the next ones are brought forward.
    const retryNow = () => sql(`UPDATE watches SET renew_at = now() WHERE failures > 0`);
    await eventually(async () => (await retryNow(), (await get()).lastError === null));
    expect(faults.map(({ hits }) => hits)).toEqual(unusable.map(() => 1));
    expect(Date.parse((await get()).expiresAt!)).toBeGreaterThanOrEqual(Date.parse(expiresAt!));
    const types = (await everyEventOf(app, mailbox!.id)).map(({ type }) => type);
    expect(types).toEqual(['mailbox.connected', 'watch.failed']);
  });

  it('that fail for a reason of our own wait for the next look, and the others go on', async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '300ms' });
    const mailboxes = await connect(10);
    await allLater();
    app.google.requests.clear();
    const outcomes = app.service.application.get(WatchOutcomeService, { strict: false });
    const real = outcomes.granted.bind(outcomes);
    jest.spyOn(outcomes, 'granted').mockImplementation(async (request, ...rest) => {
      if (request.mailbox.id === mailboxes[0]!.id) throw new TypeError('a defect');
      return real(request, ...rest);
    });
    await sql('UPDATE watches SET renew_at = now()');
    const broken = () => app.google.requests.list({ method: WATCH, account: mailboxes[0]!.emailAddress });
    await eventually(() => broken().length >= 3);
    const times = broken().map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeGreaterThan(150);
    expect(new Set(renewals())).toEqual(new Set(mailboxes.map(({ emailAddress }) => emailAddress)));
    expect(renewals().length - broken().length).toBe(9);
  });

  it.each(['6d', '30d'])(
    'are never due before a third of the life that was granted has passed, with WATCH_RENEW_BEFORE=%s: one for each mailbox and run',
    async (setting) => {
      app = await createTestApp({ WATCH_RENEW_BEFORE: setting, WATCH_RENEWAL_INTERVAL: '50ms' });
      const mailboxes = await connect(12);
      const third = (7 * 24 * 3_600_000) / 3;
      for (const { watch } of mailboxes)
        expect(Date.parse(watch!.renewAt!) - Date.now()).toBeGreaterThan(third - 60_000);
      app.google.requests.clear();
      await sql('UPDATE watches SET renew_at = now()');
      const due = () => sql('SELECT 1 FROM watches WHERE renew_at <= now() OR claimed_by IS NOT NULL');
      const noneIsDue = () => eventually(due, { until: ({ length }: unknown[]) => length === 0 });
      await noneIsDue();
      expect(renewals()).toHaveLength(12);
      // Some runs later none has been renewed again but the one that was due again.
      const [first] = mailboxes;
      for (let run = 1; run <= 3; run++) {
        await sql('UPDATE watches SET renew_at = now() WHERE mailbox_id = $1', [first!.id]);
        await noneIsDue();
        expect(renewals()).toHaveLength(12 + run);
      }
      expect(renewals().filter((account) => account !== first!.emailAddress)).toHaveLength(11);
    },
  );

  it('that take long do not delay the report of watches that run out meanwhile', async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '50ms' });
    const [slow, other, late] = await connect(3);
    await allLater();
    const hanging = app.google.failNext({ method: WATCH, account: slow!.emailAddress, hang: true });
    await sql('UPDATE watches SET renew_at = now() WHERE mailbox_id = $1', [slow!.id]);
    await eventually(() => hanging.hits === 1);
    await sql('UPDATE watches SET expires_at = now() WHERE mailbox_id = $1', [other!.id]);
    const types = async ({ id }: Mailbox) => (await everyEventOf(app, id)).map(({ type }) => type);
    await eventually(async () => (await types(other!)).includes('watch.expired'));
    expect((await types(slow!)).at(-1)).toBe('mailbox.connected');
    // One that ran out, and is renewed before anybody could look, is reported too.
    await app.api.put(`/v1/mailboxes/${late!.id}/watch`, {});
    await sql('UPDATE watches SET expires_at = now() WHERE mailbox_id = $1', [late!.id]);
    expect((await app.api.put(`/v1/mailboxes/${late!.id}/watch`, {})).watch!.status).toBe('active');
    expect(await types(late!)).toEqual(['mailbox.connected', 'watch.expired']);
  });
});
