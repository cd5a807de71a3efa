import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { tables } from '../../support/database/tables';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('sync and the grant', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  const secrets = new Set<string>();
  beforeAll(async () => void (app = await createTestApp({ LOG_LEVEL: 'trace' })));
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `box-${++count}@example.com`;
    mailbox = await app.connect(address);
    await quiet(app, mailbox);
    app.google.requests.clear();
    remember();
  });
  afterEach(() => remember());

  /** Every token that Google has issued for the mailbox, before it dies and is forgotten. */
  function remember(): void {
    const grant = app.google.grantOf(address);
    for (const { value } of [...(grant?.refreshTokens ?? []), ...(grant?.accessTokens ?? [])])
      secrets.add(value);
  }
  const calls = (method: string, status?: number) =>
    app.google.requests.count({ method, ...(status !== undefined && { status }) });
  const view = () => app.api.get(`/v1/mailboxes/${mailbox.id}`);
  const messageIds = async () => messageEvents(await logOf(app, mailbox)).map(({ data }) => data.messageId);

  it('answers a 401 by one refresh and one repeat', async () => {
    app.google.killAccessTokens(address);
    const sent = app.google.deliver(address);
    expect(await messageIds()).toEqual([sent.id]);
    expect(calls('oauth2.token')).toBe(1);
    expect(calls('gmail.users.history.list', 401)).toBe(1);
    expect(calls('gmail.users.history.list', 200)).toBe(1);
  });

  it('answers a 401 within a batch by one refresh and one repeat', async () => {
    app.google.failNext({
      method: 'gmail.users.messages.get',
      account: address,
      status: 401,
      reason: 'authError',
    });
    app.google.topics.subscriptions[0]!.chaos = { drop: 1 };
    const sent = [1, 2, 3].map(() => app.google.deliver(address).id);
    app.google.topics.subscriptions[0]!.chaos = {};
    app.google.notify(address);
    expect(await messageIds()).toEqual(sent);
    expect(calls('oauth2.token')).toBe(1);
    expect(calls('batch.gmail')).toBe(2);
  });

  it('does not refresh again and again for a 401 that stays, and goes on when it ends', async () => {
    app.google.failNext({ method: 'gmail.users.history.list', account: address, status: 401, times: 2 });
    const sent = app.google.deliver(address);
    const { lastError } = (await eventually(view, { until: ({ sync }) => sync.lastError !== null })).sync;
    expect(lastError).toMatchObject({ code: 'token_rejected', message: expect.any(String) });
    expect(calls('oauth2.token')).toBe(1);
    expect((await view()).status).toBe('active');
    expect(await messageIds()).toEqual([sent.id]);
    expect((await view()).sync.lastError).toBeNull();
  });

  it('treats only invalid_grant as the end of a grant: other refusals of a refresh are retried', async () => {
    app.google.killAccessTokens(address);
    app.google.failNext({ method: 'oauth2.token', status: 503 });
    const sent = app.google.deliver(address);
    await eventually(view, { until: ({ sync }) => sync.lastError !== null });
    expect((await view()).status).toBe('active');
    expect(await messageIds()).toEqual([sent.id]);
  });

  it('stops at invalid_grant with one event and no further call, and goes on from the old cursor when reconnected', async () => {
    const other = await app.connect(`other-${count}@example.com`);
    const before = app.google.deliver(address);
    expect(await messageIds()).toEqual([before.id]);
    remember();
    app.google.revokeByUser(address);
    const missed = [app.google.deliver(address).id];
    const dead = await eventually(view, { until: ({ status }) => status === 'reauthorization_required' });
    // The one refresh that brought the news is the last call.
    app.google.requests.clear();
    missed.push(app.google.deliver(address).id, app.google.deliver(address).id);
    await app.google.pushesSettled();
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 409);
    await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, {}, 409);
    // Work for somebody else shows that the loops have looked again since.
    app.google.deliver(other.emailAddress);
    expect(messageEvents(await logOf(app, other))).toHaveLength(1);
    const asked = app.google.requests.list().filter(({ account }) => account !== other.emailAddress);
    // Only Google's keys may have been fetched.
    expect(asked.filter(({ method }) => !method.startsWith('oauth2.certs'))).toEqual([]);
    expect((await view()).sync.historyId).toBe(dead.sync.historyId);
    const events = await everyEventOf(app, mailbox.id);
    expect(events.filter(({ type }) => type === 'mailbox.reauthorization_required')).toMatchObject([
      { data: { reason: 'invalid_grant' } },
    ]);

    const again = await app.connect(address);
    expect(again).toMatchObject({ id: mailbox.id, status: 'active' });
    expect(await messageIds()).toEqual([before.id, ...missed]);
    const log = await everyEventOf(app, mailbox.id);
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
  });

  it('names session control when that is what ended the grant, and what an administrator can do', async () => {
    app.google.killAccessTokens(address);
    const body = {
      ...{ error: 'invalid_grant', error_subtype: 'invalid_rapt' },
      error_description: 'reauth related error (invalid_rapt)',
    };
    app.google.failNext({ method: 'oauth2.token', status: 400, body });
    app.google.deliver(address);
    const { sync } = await eventually(view, { until: ({ status }) => status === 'reauthorization_required' });
    expect(sync.lastError!.message).toMatch(/session control.*administrator.*Exempt trusted apps/);
    const events = await everyEventOf(app, mailbox.id);
    expect(events.at(-1)).toMatchObject({
      type: 'mailbox.reauthorization_required',
      data: { reason: 'invalid_rapt' },
    });
  });

  it('treats a missing permission as the end of a grant too', async () => {
    const fault = { method: 'gmail.users.history.list', account: address, status: 403 };
    app.google.failNext({ ...fault, reason: 'insufficientPermissions' });
    app.google.deliver(address);
    await eventually(view, { until: ({ status }) => status === 'reauthorization_required' });
    const events = await everyEventOf(app, mailbox.id);
    expect(events.at(-1)).toMatchObject({
      type: 'mailbox.reauthorization_required',
      data: { reason: 'insufficient_scope' },
    });
  });

  it('never shows a token: not in the database, not in the logs, not in an answer', async () => {
    app.google.killAccessTokens(address);
    app.google.deliver(address);
    await messageIds();
    remember();
    const dump = await tables(app);
    const answers = await Promise.all(
      ['/v1/mailboxes?limit=500', '/v1/events?limit=500'].map((path) => app.api.get(path)),
    );
    const seen = {
      database: JSON.stringify(dump),
      logs: app.logs.join(''),
      answers: JSON.stringify(answers),
    };
    // What is searched is there, and so are the tokens, only not in clear text.
    expect(dump.grants!.length).toBeGreaterThanOrEqual(count);
    for (const text of Object.values(seen)) expect(text).toContain(mailbox.id);
    expect(secrets.size).toBeGreaterThan(2 * count);
    for (const [place, text] of Object.entries(seen))
      for (const secret of secrets)
        for (const form of [
          secret,
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64').slice(0, -4),
        ])
          expect({ place, shown: text.includes(form) }).toEqual({ place, shown: false });
  });
});
