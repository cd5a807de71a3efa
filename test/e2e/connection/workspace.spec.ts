import { ownersOf } from '../../support/connection/owners';
import { eventually } from '../../support/eventually';
import { createWorkspaceApp, READONLY, type WorkspaceApp } from '../../support/workspace/workspace-app';

describe('mailboxes of a Google Workspace', () => {
  let app: WorkspaceApp;
  beforeAll(async () => void (app = await createWorkspaceApp()));
  afterAll(() => app.close());
  beforeEach(() => {
    app.google.faults.clear();
    app.google.authorizeDelegation(app.key.client_id, [READONLY]);
  });
  const { newAddress, view, list, eventsOf, added, sync, arrives, renew, has, calls } = ownersOf(() => app);

  const newUser = () => {
    const emailAddress = newAddress();
    app.google.addAccount(emailAddress);
    return emailAddress;
  };
  const create = (emailAddress: string, more: object = {}) =>
    app.api.post('/v1/mailboxes', { emailAddress, ...more }, 201);
  const again = (emailAddress: string, more: object = {}) =>
    app.api.post('/v1/mailboxes', { emailAddress, ...more });
  const refused = (emailAddress: string, status: 502 | 503 = 502) =>
    app.api.post('/v1/mailboxes', { emailAddress }, status);
  const disconnect = async (id: string) => {
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(async () => (await view(id)).status === 'disconnected');
  };
  const tokens = (account: string) => app.google.requests.count({ method: 'oauth2.token', account });

  it('are connected without consent, with a watch, and their changes become events', async () => {
    const emailAddress = newUser();
    const mailbox = await create(emailAddress, {
      ...{ externalId: 'customer-1', labelIds: ['SENT', 'DRAFT'], labelFilterBehavior: 'exclude' },
    });
    expect(mailbox).toMatchObject({
      ...{ emailAddress, externalId: 'customer-1', grant: 'delegated', status: 'active' },
      ...{ googleAccountId: null, scopes: [READONLY] },
      watch: { status: 'active', labelIds: ['SENT', 'DRAFT'], labelFilterBehavior: 'exclude' },
    });
    await arrives(mailbox.id, app.google.deliver(emailAddress));
    expect(await eventsOf(mailbox.id, 'mailbox.connected')).toMatchObject([
      { data: { reason: 'connected' } },
    ]);
  });

  it('treat null as left out, as serializers of many languages write it', async () => {
    const left = { externalId: null, backfillSince: null, labelIds: null, labelFilterBehavior: null };
    const mailbox = await create(newUser(), left);
    expect(mailbox).toMatchObject({ externalId: null, watch: { labelIds: ['INBOX'] } });
    expect(await again(mailbox.emailAddress, { ...left, externalId: 'kept' })).toMatchObject({
      externalId: 'kept',
    });
    expect(await again(mailbox.emailAddress, left)).toMatchObject({ id: mailbox.id, externalId: 'kept' });
  });

  it('have their watch renewed, and a token fetched once for as long as it lives', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    const before = tokens(emailAddress);
    const watches = () => app.google.requests.count({ method: 'gmail.users.watch', account: emailAddress });
    const first = watches();
    await renew(id);
    await eventually(() => watches() > first);
    expect(tokens(emailAddress)).toBe(before);
    app.google.killAccessTokens(emailAddress);
    await sync(id);
    await arrives(id, app.google.deliver(emailAddress));
    expect(tokens(emailAddress)).toBe(before + 1);
  });

  it('are shown with `consent` when their owner has consented', async () => {
    expect(await app.connect(newAddress())).toMatchObject({ grant: 'consent' });
  });

  it('have messages that can be read', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    const message = app.google.deliver(emailAddress, { subject: 'Read by delegation' });
    expect(await app.api.get(`/v1/mailboxes/${id}/messages/${message.id}`)).toMatchObject({
      subject: 'Read by delegation',
    });
  });

  it('that are active already are answered 200 and keep everything but what is asked for', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress, { externalId: 'one' });
    expect(await again(emailAddress.toUpperCase())).toMatchObject({ id, externalId: 'one' });
    expect(await again(emailAddress, { externalId: 'two', labelIds: ['SENT'] })).toMatchObject({
      id,
      externalId: 'two',
      watch: { status: 'active', labelIds: ['SENT'] },
    });
    expect(await eventsOf(id, 'mailbox.connected')).toHaveLength(1);
  });

  it('take over a mailbox that its owner had consented to, and the other way round', async () => {
    const emailAddress = newAddress();
    const { id, googleAccountId } = await app.connect(emailAddress);
    expect(await again(emailAddress)).toMatchObject({ id, grant: 'delegated', googleAccountId });
    await arrives(id, app.google.deliver(emailAddress));
    expect(await app.connect(emailAddress)).toMatchObject({ id, grant: 'consent', googleAccountId });
    await arrives(id, app.google.deliver(emailAddress));
  });

  it('that the administrator has not authorized are refused with the client id and the scopes, and not made', async () => {
    app.google.authorizeDelegation(app.key.client_id, []);
    const emailAddress = newUser();
    const problem = await refused(emailAddress);
    expect(problem).toMatchObject({ code: 'delegation_denied' });
    expect(problem.detail).toContain(app.key.client_id);
    expect(problem.detail).toContain(READONLY);
    expect(await list(emailAddress)).toEqual([]);
  });

  it('of users without Gmail are refused and not made', async () => {
    const emailAddress = newUser();
    app.google.mailServiceNotEnabled(emailAddress);
    expect(await refused(emailAddress)).toMatchObject({ code: 'mail_service_not_enabled' });
    expect(await list(emailAddress)).toEqual([]);
  });

  it.each([
    ['who never was', undefined],
    [
      'who was deleted long ago',
      { status: 400, reason: 'invalid_request', message: 'Invalid impersonation "sub" field.' },
    ],
  ])('of a user %s are refused and not made', async (_, fault) => {
    const emailAddress = newAddress();
    if (fault) app.google.failNext({ method: 'oauth2.token', ...fault });
    expect(await refused(emailAddress)).toMatchObject({ code: 'user_not_found' });
    expect(await list(emailAddress)).toEqual([]);
  });

  it.each([
    ['the token endpoint', 'oauth2.token'],
    ['Gmail', 'gmail.users.getProfile'],
  ])('are not made while %s is away, and the answer says so', async (_, method) => {
    const emailAddress = newUser();
    app.google.failNext({ method, status: 503 });
    expect(await refused(emailAddress, 503)).toMatchObject({ code: 'google_unavailable' });
    expect(await list(emailAddress)).toEqual([]);
    await create(emailAddress);
  });

  it('are there nevertheless when Google refuses the watch', async () => {
    const emailAddress = newUser();
    app.google.failNext({ method: 'gmail.users.watch', status: 400, message: 'Invalid topicName' });
    expect(await create(emailAddress)).toMatchObject({ status: 'active', watch: { status: 'failed' } });
    expect(await again(emailAddress)).toMatchObject({ watch: { status: 'active', lastError: null } });
  });

  it('that lose the delegation show it and go on when it is back', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    app.google.authorizeDelegation(app.key.client_id, []);
    app.google.killAccessTokens(emailAddress);
    const message = app.google.deliver(emailAddress);
    await eventually(async () => (await view(id)).sync.lastError?.code === 'delegation_denied');
    expect(await view(id)).toMatchObject({ status: 'active' });
    app.google.authorizeDelegation(app.key.client_id, [READONLY]);
    await arrives(id, message);
    await eventually(async () => (await view(id)).sync.lastError === null);
  });

  it('whose key Google refuses show it, and no mailbox needs a new consent for that', async () => {
    const other = await createWorkspaceApp();
    try {
      other.google.addAccount('ann@example.com');
      const { id } = await other.api.post('/v1/mailboxes', { emailAddress: 'ann@example.com' }, 201);
      other.google.deleteServiceAccountKeys(other.key.client_id);
      other.google.killAccessTokens('ann@example.com');
      await other.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
      await eventually(
        async () =>
          (await other.api.get(`/v1/mailboxes/${id}`)).sync.lastError?.code === 'service_account_refused',
      );
      expect(await other.api.get(`/v1/mailboxes/${id}`)).toMatchObject({ status: 'active' });
    } finally {
      await other.close();
    }
  });

  it('of a user who is gone need a new request, and go on from the old cursor by it', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    await arrives(id, app.google.deliver(emailAddress));
    const gone = app.google.failNext({
      ...{ method: 'oauth2.token', account: emailAddress, times: Infinity },
      ...{ reason: 'invalid_grant', message: 'Invalid email or User ID' },
    });
    app.google.killAccessTokens(emailAddress);
    const missed = app.google.deliver(emailAddress);
    await eventually(async () => (await view(id)).status === 'reauthorization_required');
    expect(await eventsOf(id, 'mailbox.reauthorization_required')).toMatchObject([
      { data: { reason: 'invalid_grant' } },
    ]);
    expect(await refused(emailAddress)).toMatchObject({ code: 'user_not_found' });
    expect(gone.hits).toBeGreaterThan(1);
    app.google.faults.clear();
    expect(await again(emailAddress)).toMatchObject({ id, status: 'active' });
    await arrives(id, missed);
    expect(await eventsOf(id, 'mailbox.connected')).toMatchObject([{}, { data: { reason: 'reconnected' } }]);
  });

  it('are disconnected without a revocation, and connected again from the old cursor', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    await arrives(id, app.google.deliver(emailAddress));
    const { revokes, stops } = calls();
    await disconnect(id);
    expect(calls()).toEqual({ revokes, stops: stops + 1 });
    expect(await view(id)).toMatchObject({ grant: 'delegated', scopes: [] });
    const missed = app.google.deliver(emailAddress);
    expect(await again(emailAddress)).toMatchObject({ id, status: 'active', watch: { status: 'active' } });
    await arrives(id, missed);
    expect(new Set(await added(id)).size).toBe((await added(id)).length);
  });

  it('are disconnected also when the administrator has withdrawn the delegation', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    app.google.authorizeDelegation(app.key.client_id, []);
    app.google.killAccessTokens(emailAddress);
    await disconnect(id);
  });

  it('that an administrator disconnected begin anew when their owner consents', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    await disconnect(id);
    const missed = app.google.deliver(emailAddress);
    expect(await app.connect(emailAddress)).toMatchObject({ id, grant: 'consent' });
    await arrives(id, app.google.deliver(emailAddress));
    expect(await added(id)).not.toContain(missed.id);
  });

  it('follow a user who gets another address, and are connected under that one from then on', async () => {
    const [emailAddress, to] = [newUser(), newAddress()];
    const { id } = await create(emailAddress);
    app.google.renameAccount(emailAddress, to);
    await sync(id);
    await has(id, to);
    app.google.killAccessTokens(to);
    await arrives(id, app.google.deliver(to));
  });

  it('get the address of the user when they are asked for by an alias', async () => {
    const emailAddress = newUser();
    const { id } = await create(emailAddress);
    const alias = newUser();
    jest.spyOn(app.google.mailbox(alias), 'address', 'get').mockReturnValue(emailAddress);
    expect(await again(alias)).toMatchObject({ id, emailAddress });
  });
});
