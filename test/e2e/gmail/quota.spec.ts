import type { Mailbox } from '../../support/api-types';
import { connectMany } from '../../support/connection/connect-many';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { liftWaits, passMinute, useUp, waits } from '../../support/gmail/quota';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

const HISTORY = 'gmail.users.history.list';
const WATCH = 'gmail.users.watch';
const PROJECT_LIMIT =
  "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'gmail.googleapis.com' for consumer 'project_number:1'.";

describe('the quota', () => {
  let app: TestApp;
  beforeEach(async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '100ms' });
    app.google.quota.enforced = true;
  });
  afterEach(() => app?.close());

  const sql = (text: string, parameters: unknown[] = []) => app.database.dataSource.query(text, parameters);
  const get = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const syncNow = (id: string) => app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
  const asked = (method: string, account?: string) => app.google.requests.count({ method, account });
  const connected = async (address: string) => {
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    await quiet(app, mailbox);
    return mailbox;
  };
  /** A mail of this mailbox arrives as fast as ever. */
  const arrives = async (mailbox: Mailbox) => {
    const sent = app.google.deliver(mailbox.emailAddress, { text: 'x' });
    const start = Date.now();
    const log = messageEvents(await logOf(app, mailbox));
    expect(log.map(({ data }) => data.messageId)).toContain(sent.id);
    expect(Date.now() - start).toBeLessThan(3_000);
  };

  it('is kept by two replicas while 2,000 messages arrive and a snapshot is built: Google never refuses', async () => {
    const { google } = app;
    await app.replica();
    const [busy, other] = [await connected('busy@example.com'), await connected('other@example.com')];
    const address = busy.emailAddress;
    google.requests.clear();
    // One push stands for them all: it is Gmail that is to be busy, and not Pub/Sub.
    app.pushes.chaos = { drop: 1 };
    const sent = Array.from({ length: 2_000 }, () => google.deliver(address, { text: 'x' }).id);
    app.pushes.chaos = {};
    google.notify(address);
    // Another filter is another snapshot: it is built while the messages are being read.
    await app.api.put(`/v1/mailboxes/${busy.id}/watch`, { labelIds: [] });
    await eventually(() => waits(app, busy.id), { timeout: 20_000 });

    // In the middle of it: others are as fast as ever, a watch is renewed at once, and nothing shortens the wait.
    const read = asked(HISTORY, address);
    expect((await get(busy.id)).sync.lastError).toBeNull();
    await syncNow(busy.id);
    google.notify(address);
    await arrives(other);
    const renewals = asked(WATCH, address);
    await sql('UPDATE watches SET renew_at = now() WHERE mailbox_id = $1', [busy.id]);
    await eventually(() => asked(WATCH, address) > renewals, { timeout: 3_000 });
    expect([await waits(app, busy.id), asked(HISTORY, address)]).toEqual([true, read]);

    const end = google.historyId(address);
    let minutes = 0;
    await eventually(
      async () => {
        if (!(await waits(app, busy.id))) return (await get(busy.id)).sync.historyId === end;
        minutes++;
        return void (await passMinute(app));
      },
      { timeout: 90_000 },
    );
    const reported = messageEvents(await logOf(app, busy)).map(({ data }) => data.messageId);
    expect(reported).toHaveLength(sent.length);
    expect(new Set(reported)).toEqual(new Set(sent));
    // 40,000 units at 6,000 a minute.
    expect(minutes).toBeGreaterThanOrEqual(6);
    expect(minutes).toBeLessThanOrEqual(9);
    await passMinute(app);
    await snapshotIs(app, busy.id);
    expect(await snapshotOf(app, busy.id)).toEqual(contentsOf(app, address));
    expect(google.requests.list().filter(({ status }) => status === 403 || status === 429)).toEqual([]);
    expect(app.logs.filter((line) => line.includes('slow down'))).toEqual([]);
  }, 180_000);

  it('of one mailbox, when it is used up, delays no other: not even forty of them, repairs included', async () => {
    const [other, ...spent] = await connectMany(app, 41);
    await useUp(
      app,
      spent.map(({ id }) => id),
    );
    app.google.requests.clear();
    // Half of them have something new, half have a gap to repair.
    app.pushes.pause();
    for (const [index, { emailAddress }] of spent.entries()) {
      app.google.deliver(emailAddress, { text: 'x' });
      if (index % 2 === 0) app.google.expireHistory(emailAddress);
    }
    app.pushes.resume();
    for (const { id } of spent) await syncNow(id);
    await arrives(other!);
    expect(asked('gmail.', other!.emailAddress)).toBeGreaterThan(0);
    for (const { emailAddress } of spent) expect(asked('gmail.', emailAddress)).toBe(0);
  }, 60_000);

  it('leaves syncs the places that waiting repairs do not take', async () => {
    // More than there are places for repairs.
    const [other, ...gaps] = await connectMany(app, 21);
    app.google.requests.clear();
    app.pushes.pause();
    for (const { emailAddress } of gaps) {
      app.google.deliver(emailAddress, { text: 'x' });
      app.google.expireHistory(emailAddress);
    }
    app.pushes.resume();
    // Enough for the history, and for no repair.
    await useUp(
      app,
      gaps.map(({ id }) => id),
    );
    await sql(`UPDATE gmail_budgets SET units = '{5698}' WHERE units[1] = 6000`);
    for (const { id } of gaps) await syncNow(id);
    await eventually(() => app.google.requests.count({ method: HISTORY, status: 404 }) >= 17);
    await arrives(other!);
    expect(asked('gmail.users.getProfile')).toBe(0);
  }, 60_000);

  it('remembers a wait that Google asked for: no replica asks anything of that mailbox, and others go on', async () => {
    const { google } = app;
    const [limited, other] = [await connected('limited@example.com'), await connected('free@example.com')];
    const address = limited.emailAddress;
    google.failNext({
      ...{ method: HISTORY, account: address, status: 403, reason: 'rateLimitExceeded', retryAfter: 3_600 },
    });
    const sent = google.deliver(address, { text: 'x' });
    const { lastError } = await eventually(async () => (await get(limited.id)).sync, {
      until: ({ lastError }) => lastError !== null,
    });
    expect(lastError!.code).toBe('rate_limited');
    // A replica that has just started knows nothing but what is in the database.
    const replica = await app.replica();
    google.requests.clear();
    const problem = await fetch(`${replica.address}/v1/mailboxes/${limited.id}/watch`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${app.environment.API_KEY}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([problem.status, await problem.json()]).toMatchObject([502, { code: 'google_refused' }]);
    await syncNow(limited.id);
    await arrives(other);
    expect(asked('gmail.', address)).toBe(0);
    await liftWaits(app.database.dataSource);
    const log = messageEvents(await logOf(app, limited));
    expect(log.map(({ data }) => data.messageId)).toEqual([sent.id]);
  });

  it('of the project makes every mailbox wait when Google names it, and still lets watches be renewed', async () => {
    const { google } = app;
    const [one, other] = [await connected('one@example.com'), await connected('two@example.com')];
    google.failNext({
      ...{ method: HISTORY, account: one.emailAddress, status: 429, reason: 'rateLimitExceeded' },
      ...{ message: PROJECT_LIMIT, retryAfter: 3_600 },
    });
    google.deliver(one.emailAddress, { text: 'x' });
    await eventually(async () => (await get(one.id)).sync.lastError);
    google.requests.clear();
    const sent = google.deliver(other.emailAddress, { text: 'x' });
    await eventually(() => waits(app, other.id));
    expect((await get(other.id)).sync.lastError).toBeNull();
    await app.api.put(`/v1/mailboxes/${other.id}/watch`, { labelIds: ['INBOX'] });
    expect(google.requests.list({ method: 'gmail.' }).map(({ method }) => method)).toEqual([WATCH]);
    await liftWaits(app.database.dataSource);
    const log = messageEvents(await logOf(app, other));
    expect(log.map(({ data }) => data.messageId)).toEqual([sent.id]);
  });

  it.each([
    [{ retryAfter: 0 }],
    [{ message: 'Retry after 2020-01-01T00:00:00Z', reason: 'rateLimitExceeded' }],
    [{ message: 'Retry after 0 seconds', reason: 'rateLimitExceeded' }],
  ])('is asked for less and less often when Google names a time that has come: %j', async (refusal) => {
    const mailbox = await connected('ada@example.com');
    const fault = app.google.failNext({ method: HISTORY, status: 429, times: 1_000, ...refusal });
    const begun = performance.now();
    await syncNow(mailbox.id);
    await eventually(() => fault.hits >= 4, { timeout: 15_000 });
    // The shortest waits of ours are 0.5, 1 and 2 s.
    expect(performance.now() - begun).toBeGreaterThan(3_400);
    expect((await get(mailbox.id)).sync.lastError).toMatchObject({ code: 'rate_limited' });
  });
});
