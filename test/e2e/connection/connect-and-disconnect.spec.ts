import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const APP = 'https://app.example/done';

describe('disconnecting a mailbox', () => {
  let world: TestApp;
  let people = 0;
  beforeAll(async () => void (world = await createTestApp()));
  afterAll(() => world.close());
  beforeEach(() => world.google.faults.clear());

  const newMailbox = () => world.connect(`person-${++people}@example.com`);
  const status = async (id: string): Promise<string> => (await world.api.get(`/v1/mailboxes/${id}`)).status;
  const disconnected = (id: string) =>
    eventually(() => status(id), { until: (seen) => seen === 'disconnected', timeout: 20_000 });
  const calls = (emailAddress: string) =>
    world.google.requests
      .list()
      .filter(({ account, method }) => method === 'oauth2.revoke' || account === emailAddress)
      .map(({ method }) => method);
  const openCallback = async (account: string) => {
    const { url } = await world.api.post('/v1/connect-sessions', { redirectUrl: APP }, 201);
    const callback = await world.google.consent(url, { account });
    return { url, land: async () => (await fetch(callback, { redirect: 'manual' })).headers.get('location') };
  };

  it('stops the watch, then revokes the grant, then erases the tokens', async () => {
    const { id, emailAddress } = await newMailbox();
    world.google.requests.clear();
    const answer = await world.api.delete(`/v1/mailboxes/${id}`, 202);
    expect(answer).toMatchObject({ id, status: 'disconnecting' });
    await disconnected(id);
    const made = calls(emailAddress);
    expect(made.filter((method) => /stop|revoke/.test(method))).toEqual([
      'gmail.users.stop',
      'oauth2.revoke',
    ]);
    expect(world.google.grantOf(emailAddress)).toBeNull();
    expect(await world.api.get(`/v1/mailboxes/${id}`)).toMatchObject({
      scopes: [],
      watch: { status: 'stopped' },
      sync: { historyId: null },
    });
    expect(await world.database.dataSource.query('SELECT FROM grants WHERE mailbox_id = $1', [id])).toEqual(
      [],
    );
    const events = await world.api.events({ mailboxId: id, types: 'mailbox.disconnected' });
    expect(events.map(({ data }) => data)).toEqual([{ reason: 'requested' }]);
  });

  it('answers the same when asked again, and leaves a disconnected mailbox as it is', async () => {
    const { id } = await newMailbox();
    world.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1 });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    expect(await world.api.delete(`/v1/mailboxes/${id}`, 202)).toMatchObject({ status: 'disconnecting' });
    await disconnected(id);
    expect(await world.api.delete(`/v1/mailboxes/${id}`, 202)).toMatchObject({ status: 'disconnected' });
    expect(await world.api.events({ mailboxId: id, types: 'mailbox.disconnected' })).toHaveLength(1);
  });

  it.each(['gmail.users.stop', 'oauth2.revoke'])('tries %s again until it is done', async (method) => {
    const { id, emailAddress } = await newMailbox();
    const fault = world.google.failNext({ method, status: 503, times: 2 });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
    expect(fault.hits).toBe(2);
    expect(world.google.grantOf(emailAddress)).toBeNull();
  });

  it('ends when the grant is dead already', async () => {
    const { id, emailAddress } = await newMailbox();
    world.google.revokeByUser(emailAddress);
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('ends for a mailbox that waits for its owner to connect it again', async () => {
    const { id, emailAddress } = await newMailbox();
    world.google.revokeByUser(emailAddress);
    await world.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(async () => (await status(id)) === 'reauthorization_required');
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('ends when the account has lost its Gmail', async () => {
    const { id } = await newMailbox();
    world.google.failNext({
      method: 'gmail.users.stop',
      status: 400,
      reason: 'failedPrecondition',
      message: 'Mail service not enabled',
    });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
  });

  it('is finished by another replica when the one that began has died', async () => {
    const { id } = await newMailbox();
    const outage = world.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1 });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => outage.hits === 1);
    await world.database.dataSource.query(
      `UPDATE disconnects SET claimed_by = 'dead', claimed_until = now() + interval '1 second', due_at = now()`,
    );
    await disconnected(id);
  });

  it('is called off by connecting again', async () => {
    const { id, emailAddress } = await newMailbox();
    const fault = world.google.failNext({ method: 'gmail.users.stop', status: 503, times: 1_000 });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => fault.hits > 0);
    expect(await world.connect(emailAddress)).toMatchObject({
      id,
      status: 'active',
      watch: { status: 'active' },
    });
    expect(await world.database.dataSource.query('SELECT mailbox_id FROM disconnects')).toEqual([]);
    world.google.faults.clear();
    const { id: messageId } = world.google.deliver(emailAddress);
    await eventually(async () =>
      (await world.api.events({ mailboxId: id, types: 'message.added' })).some(
        ({ data }) => data.messageId === messageId,
      ),
    );
    expect(world.google.grantOf(emailAddress)).not.toBeNull();
  });

  it('does not let a revocation under way kill the grant of a mailbox that is connected again unnoticed', async () => {
    const { id, emailAddress } = await newMailbox();
    const revocation = world.google.failNext({ method: 'oauth2.revoke', hang: true });
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await eventually(() => revocation.hits === 1);
    const { url, land } = await openCallback(emailAddress);
    world.google.requests.clear();
    const landing = land();
    // The new tokens are issued while the revocation hangs, and die with it.
    await eventually(() => world.google.requests.count({ method: 'gmail.users.getProfile' }) === 1);
    // Whether they live is asked after it, not before.
    const confirmed = () => world.google.requests.count({ method: 'oauth2.token' }) > 1;
    await expect(eventually(confirmed, { timeout: 500 })).rejects.toThrow();
    revocation.release();
    expect(await landing).toBe(`${APP}?error=temporarily_unavailable`);
    await disconnected(id);
    const callback = await world.google.consent(url, { account: emailAddress });
    const again = await fetch(callback, { redirect: 'manual' });
    expect(again.headers.get('location')).toBe(`${APP}?mailboxId=${id}`);
    expect(await world.api.get(`/v1/mailboxes/${id}`)).toMatchObject({
      status: 'active',
      watch: { status: 'active' },
    });
    expect(world.google.grantOf(emailAddress)).not.toBeNull();
  });

  it('begins anew after it, with the same mailbox and the next sequence', async () => {
    const { id, emailAddress } = await newMailbox();
    await world.api.delete(`/v1/mailboxes/${id}`, 202);
    await disconnected(id);
    world.google.deliver(emailAddress);
    expect(await world.connect(emailAddress)).toMatchObject({ id, status: 'active' });
    const events = await world.api.events({ mailboxId: id });
    expect(events.map(({ type, sequence, data }) => [sequence, type, data.reason])).toEqual([
      [1, 'mailbox.connected', 'connected'],
      [2, 'mailbox.disconnected', 'requested'],
      [3, 'mailbox.connected', 'reconnected'],
    ]);
  });
});
