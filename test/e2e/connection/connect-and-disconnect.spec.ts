import { unsigned } from '../../support/connection/unsigned';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done';

describe('disconnecting a mailbox', () => {
  let app: TestApp;
  let people = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());
  beforeEach(() => app.google.faults.clear());

  const newMailbox = () => app.connect(`person-${++people}@example.com`);
  const status = async (id: string): Promise<string> => (await app.api.get(`/v1/mailboxes/${id}`)).status;
  const disconnected = (id: string) =>
    eventually(() => status(id), { until: (seen) => seen === 'disconnected', timeout: 20_000 });
  const calls = (emailAddress: string) =>
    app.google.requests
      .list()
      .filter(({ account, method }) => method === 'oauth2.revoke' || account === emailAddress)
      .map(({ method }) => method);
  const landing = async (callback: string) =>
    unsigned((await app.google.browser.visit(callback)).headers.get('location'));
  const openCallback = async (account: string) => {
    const { url } = await app.api.post('/v1/connect-sessions', { redirectUrl: APP }, 201);
    const callback = await app.google.consent(url, { account });
    return { url, land: () => landing(callback) };
  };

  it('stops the watch, then revokes the grant, then erases the tokens', async () => {
    const { id, emailAddress } = await newMailbox();
    app.google.requests.clear();
    const answer = await app.api.delete(`/v1/mailboxes/${id}`, 202);
    expect(answer).toMatchObject({ id, status: 'disconnecting' });
    await disconnected(id);
    const made = calls(emailAddress);
    expect(made.filter((method) => /stop|revoke/.test(method))).toEqual([
      'gmail.users.stop',
      'oauth2.revoke',
    ]);
    expect(app.google.grantOf(emailAddress)).toBeNull();
    expect(await app.api.get(`/v1/mailboxes/${id}`)).toMatchObject({
      scopes: [],
      watch: { status: 'stopped' },
      sync: { historyId: null },
    });
    expect(await app.database.dataSource.query('SELECT FROM grants WHERE mailbox_id = $1', [id])).toEqual([]);
    const events = await app.api.events({ mailboxId: id, types: 'mailbox.disconnected' });
    expect(events.map(({ data }) => data)).toEqual([{ reason: 'requested' }]);
  });

  it('answers the same when asked again, and leaves a disconnected mailbox as it is', async () => {
    const { id } = await newMailbox();
    app.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1 });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    expect(await app.api.delete(`/v1/mailboxes/${id}`, 202)).toMatchObject({ status: 'disconnecting' });
    await disconnected(id);
    expect(await app.api.delete(`/v1/mailboxes/${id}`, 202)).toMatchObject({ status: 'disconnected' });
    expect(await app.api.events({ mailboxId: id, types: 'mailbox.disconnected' })).toHaveLength(1);
  });

  it.each(['gmail.users.stop', 'oauth2.revoke'])('tries %s again until it is done', async (method) => {
    const { id, emailAddress } = await newMailbox();
    const fault = app.google.failNext({ method, status: 503, times: 2 });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
    expect(fault.hits).toBe(2);
    expect(app.google.grantOf(emailAddress)).toBeNull();
  });

  it('ends when the grant is dead already', async () => {
    const { id, emailAddress } = await newMailbox();
    app.google.revokeByUser(emailAddress);
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('ends for a mailbox that waits for its owner to connect it again', async () => {
    const { id, emailAddress } = await newMailbox();
    app.google.revokeByUser(emailAddress);
    await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(async () => (await status(id)) === 'reauthorization_required');
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('ends when the account has lost its Gmail', async () => {
    const { id } = await newMailbox();
    app.google.failNext({
      method: 'gmail.users.stop',
      status: 400,
      reason: 'failedPrecondition',
      message: 'Mail service not enabled',
    });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('is finished by another replica when the one that began has died', async () => {
    const { id } = await newMailbox();
    const outage = app.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1 });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => outage.hits === 1);
    await app.database.dataSource.query(
      `UPDATE disconnects SET claimed_by = 'dead', claimed_until = now() + interval '1 second', due_at = now()`,
    );
    await disconnected(id);
  });

  it('is called off by connecting again', async () => {
    const { id, emailAddress } = await newMailbox();
    const fault = app.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1_000 });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => fault.hits > 0);
    expect(await app.connect(emailAddress)).toMatchObject({
      id,
      status: 'active',
      watch: { status: 'active' },
    });
    expect(await app.database.dataSource.query('SELECT mailbox_id FROM disconnects')).toEqual([]);
    app.google.faults.clear();
    const { id: messageId } = app.google.deliver(emailAddress);
    await eventually(async () =>
      (await app.api.events({ mailboxId: id, types: 'message.added' })).some(
        ({ data }) => data.messageId === messageId,
      ),
    );
    expect(app.google.grantOf(emailAddress)).not.toBeNull();
  });

  it('does not let a revocation under way end the grant of a mailbox that is connected again unnoticed', async () => {
    const { id, emailAddress } = await newMailbox();
    const revocation = app.google.failNext({ method: 'oauth2.revoke', hang: true });
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => revocation.hits === 1);
    const { url, land } = await openCallback(emailAddress);
    app.google.requests.clear();
    const sentBack = land();
    // The new tokens are issued while the revocation hangs, and die with it.
    await eventually(() => app.google.requests.count({ method: 'gmail.users.getProfile' }) === 1);
    // Whether they live is asked after it, not before.
    const confirmed = () => app.google.requests.count({ method: 'oauth2.token' }) > 1;
    await expect(eventually(confirmed, { timeout: 500 })).rejects.toThrow();
    revocation.release();
    expect(await sentBack).toBe(`${APP}?error=temporarily_unavailable`);
    await disconnected(id);
    const callback = await app.google.consent(url, { account: emailAddress });
    expect(await landing(callback)).toBe(`${APP}?mailboxId=${id}`);
    expect(await app.api.get(`/v1/mailboxes/${id}`)).toMatchObject({
      status: 'active',
      watch: { status: 'active' },
    });
    expect(app.google.grantOf(emailAddress)).not.toBeNull();
  });

  it('begins anew after it, with the same mailbox and the next sequence', async () => {
    const { id, emailAddress } = await newMailbox();
    await app.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
    app.google.deliver(emailAddress);
    expect(await app.connect(emailAddress)).toMatchObject({ id, status: 'active' });
    const events = await app.api.events({ mailboxId: id });
    expect(
      events.map(({ type, sequence, data }) => [sequence, type, 'reason' in data && data.reason]),
    ).toEqual([
      [1, 'mailbox.connected', 'connected'],
      [2, 'mailbox.disconnected', 'requested'],
      [3, 'mailbox.connected', 'reconnected'],
    ]);
  });
});
