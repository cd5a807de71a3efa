import { messageIdOf } from '../../support/event/of-type';
import { eachAtOnce } from '../../support/each-at-once';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('disconnecting a mailbox while Google fails', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());

  const newMailbox = () => app.connect(`faulty-${++people}@example.com`);
  const view = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const disconnect = (id: string) => app.api.delete(`/v1/mailboxes/${id}`, 202);
  const disconnected = (id: string) =>
    eventually(() => view(id), { until: ({ status }) => status === 'disconnected', timeout: 20_000 });
  const types = async (id: string) => (await app.api.events({ mailboxId: id })).map(({ type }) => type);

  const PASSING = [
    ['gmail.users.stop', { status: 500 }],
    ['gmail.users.stop', { status: 429 }],
    ['gmail.users.stop', { status: 403, reason: 'rateLimitExceeded' }],
    ['gmail.users.stop', { status: 401 }],
    ['gmail.users.stop', { dropConnection: true }],
    ['gmail.users.stop', { dropConnection: true, when: 'after' }],
    ['oauth2.revoke', { status: 500 }],
    ['oauth2.revoke', { status: 429 }],
    ['oauth2.revoke', { status: 503, reason: 'invalid_token' }],
    ['oauth2.revoke', { status: 400, reason: 'invalid_request' }],
    ['oauth2.revoke', { dropConnection: true }],
  ] as const;

  eachAtOnce('does %s again after %j', PASSING, async (method, fault) => {
    const { id, emailAddress: account } = await newMailbox();
    app.google.failNext({ method, account, times: 2, ...fault });
    await disconnect(id);
    await disconnected(id);
    expect(app.google.requests.count({ method, account })).toBe(3);
    expect(app.google.grantOf(account)).toBeNull();
    expect((await types(id)).slice(1)).toEqual(['mailbox.disconnected']);
  });

  it('is not held up by others for which Google hangs', async () => {
    const [other, ...hanging] = await Promise.all(Array.from({ length: 7 }, newMailbox));
    for (const { emailAddress: account } of hanging)
      app.google.failNext({ method: 'gmail.users.stop', account, hang: true });
    for (const { id } of hanging) await disconnect(id);
    await disconnect(other!.id);
    await disconnected(other!.id);
    for (const { id } of hanging) expect(await view(id)).toMatchObject({ status: 'disconnecting' });
    app.google.faults.clear();
    for (const { id } of hanging) await disconnected(id);
  });

  it('treats a revocation whose answer was lost as done', async () => {
    const { id, emailAddress } = await newMailbox();
    app.google.requests.clear();
    app.google.failNext({ method: 'oauth2.revoke', dropConnection: true, when: 'after' });
    await disconnect(id);
    await disconnected(id);
    expect(app.google.requests.count({ method: 'oauth2.revoke' })).toBe(2);
    expect(app.google.grantOf(emailAddress)).toBeNull();
    expect((await types(id)).slice(1)).toEqual(['mailbox.disconnected']);
  });

  const FINAL = [
    ['the account is deleted: Gmail answers 404', [{ method: 'gmail.users.stop', status: 404 }]],
    ['Gmail goes on answering 401', [{ method: 'gmail.users.stop', status: 401 }]],
    ['Gmail refuses for good', [{ method: 'gmail.users.stop', status: 403, reason: 'forbidden' }]],
    [
      'the grant turns out dead at the stop',
      [
        { method: 'gmail.users.stop', status: 401 },
        { method: 'oauth2.token', reason: 'invalid_grant' },
      ],
    ],
    ['it is dead at the revocation', [{ method: 'oauth2.revoke', status: 400, reason: 'invalid_token' }]],
    [
      'it is dead at the revocation, in other words',
      [{ method: 'oauth2.revoke', status: 400, reason: 'invalid_grant' }],
    ],
    [
      'everything of the account is gone',
      [
        { method: 'gmail.users.stop', status: 404 },
        { method: 'oauth2.token', reason: 'invalid_grant' },
        { method: 'oauth2.revoke', status: 400, reason: 'invalid_token' },
      ],
    ],
  ] as const;

  eachAtOnce('ends when %s', FINAL, async (_name, faults) => {
    const { id, emailAddress: account } = await newMailbox();
    for (const fault of faults) app.google.failNext({ account, times: 1_000, ...fault });
    await disconnect(id);
    await disconnected(id);
    expect((await types(id)).slice(1)).toEqual(['mailbox.disconnected']);
  });

  const REFUSALS = [
    [401, 'deleted_client', 'oauth_client_deleted'],
    [401, 'disabled_client', 'oauth_client_disabled'],
    [401, 'invalid_client', 'oauth_client_invalid'],
    [403, 'deleted_client', 'oauth_client_deleted'],
    [403, 'invalid_client', 'oauth_client_invalid'],
    [400, 'admin_policy_enforced', 'admin_policy_enforced'],
    [400, 'org_internal', 'org_internal'],
    [403, 'access_denied', 'access_denied'],
    [400, 'invalid_scope', 'invalid_scope'],
    [400, 'invalid_request', 'token_refused'],
  ] as const;

  eachAtOnce(
    'needs no access token to revoke and to erase: Google answers %d %s to every refresh',
    REFUSALS,
    async (status, reason, code) => {
      const { id, emailAddress: account } = await newMailbox();
      app.google.killAccessTokens(account);
      app.google.failNext({ method: 'oauth2.token', account, status, reason, times: 1_000 });
      await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
      const { sync } = await eventually(() => view(id), { until: ({ sync }) => sync.lastError !== null });
      expect(sync.lastError).toEqual({
        code,
        message: expect.stringMatching(/https:\/\/(console\.cloud|admin|developers)\.google\.com\//),
        at: expect.any(String),
      });
      await disconnect(id);
      await disconnected(id);
      expect(app.google.grantOf(account)).toBeNull();
      const { dataSource } = app.database;
      expect(await dataSource.query('SELECT FROM grants WHERE mailbox_id = $1', [id])).toEqual([]);
      expect((await types(id)).slice(1)).toEqual(['mailbox.disconnected']);
    },
  );

  it('shows what holds it up, and forgets that in the end', async () => {
    const { id, emailAddress: account } = await newMailbox();
    const fault = app.google.failNext({ method: 'oauth2.revoke', account, status: 503, times: 2 });
    await disconnect(id);
    const { sync, status } = await eventually(() => view(id), {
      until: ({ sync }) => sync.lastError !== null,
    });
    expect({ status, hits: fault.hits > 0, ...sync.lastError }).toMatchObject({
      status: 'disconnecting',
      hits: true,
      code: 'token_endpoint_unavailable',
      message: expect.stringContaining('503'),
    });
    expect((await disconnected(id)).sync.lastError).toBeNull();
  });

  it('lets no event follow mailbox.disconnected from a sync or a watch that was under way, until it is connected again', async () => {
    const { id, emailAddress } = await newMailbox();
    const reading = app.google.failNext({ method: 'gmail.users.messages.get', when: 'after', hang: true });
    const watching = app.google.failNext({ method: 'gmail.users.watch', status: 400, hang: true });
    const { id: messageId } = app.google.deliver(emailAddress);
    const watch = app.api.put(`/v1/mailboxes/${id}/watch`, {}, 502);
    await eventually(() => reading.hits === 1 && watching.hits === 1);
    await disconnect(id);
    await disconnected(id);
    reading.release();
    watching.release();
    await watch;
    const syncs = () =>
      app.logs.filter((line) => line.includes(id) && line.includes('"outcome":"superseded"'));
    await eventually(() => syncs().length === 1);
    expect(await types(id)).toEqual(['mailbox.connected', 'mailbox.disconnected']);
    expect((await view(id)).watch).toMatchObject({ status: 'stopped', lastError: null });
    await app.connect(emailAddress);
    app.google.deliver(emailAddress);
    await eventually(async () => (await types(id)).includes('message.added'));
    const log = await app.api.events({ mailboxId: id });
    expect(log.map(({ type }) => type)).toEqual([
      'mailbox.connected',
      'mailbox.disconnected',
      'mailbox.connected',
      'message.added',
    ]);
    expect(messageIdOf(log.at(-1))).not.toBe(messageId);
  });
});
