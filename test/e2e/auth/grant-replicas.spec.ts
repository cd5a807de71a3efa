import { eachAtOnce } from '../../support/each-at-once';
import { eventually } from '../../support/eventually';
import type { InProcessReplica } from '../../support/program/in-process-replica';
import { TestCluster } from '../../support/program/test-cluster';

describe('grants on several processes', () => {
  let cluster: TestCluster;
  let one: InProcessReplica;
  let two: InProcessReplica;
  let count = 0;
  beforeAll(async () => {
    cluster = await TestCluster.create();
    one = await cluster.startInProcess();
    two = await cluster.startInProcess();
  }, 60_000);
  afterAll(() => cluster?.close());

  const newMailbox = () => cluster.connect(`grant-${++count}@example.com`, one);
  const view = (id: string) => two.api.get(`/v1/mailboxes/${id}`);
  const types = async (id: string) => (await two.api.events({ mailboxId: id })).map(({ type }) => type);
  const added = (id: string, messageId: string) =>
    eventually(
      async () =>
        (await two.api.events({ mailboxId: id, types: 'message.added' })).some(
          ({ data }) => data.messageId === messageId,
        ),
      { timeout: 25_000 },
    );
  const refreshes = (status?: number) =>
    cluster.google.requests.count({ method: 'oauth2.token', ...(status && { status }) });

  it('disconnects nobody when Google answers invalid_grant to refreshes that overlap', async () => {
    const boxes = await Promise.all([1, 2, 3, 4, 5, 6].map(newMailbox));
    cluster.google.requests.clear();
    cluster.google.switches.strictRefreshMs = 150;
    for (let round = 1; round <= 3; round++) {
      const sent = boxes.map(({ emailAddress }) => {
        cluster.google.killAccessTokens(emailAddress);
        return cluster.google.deliver(emailAddress).id;
      });
      // Besides the sync, everybody wants a token for the watch, on both processes.
      await Promise.all(
        boxes.flatMap(({ id }) => [one, two].map(({ api }) => api.put(`/v1/mailboxes/${id}/watch`, {}))),
      );
      await Promise.all(boxes.map(({ id }, index) => added(id, sent[index]!)));
      expect(refreshes()).toBe(round * boxes.length);
    }
    expect(refreshes(400)).toBe(0);
    cluster.google.switches.strictRefreshMs = null;
    for (const { id } of boxes) {
      expect((await view(id)).status).toBe('active');
      expect(await types(id)).not.toContain('mailbox.reauthorization_required');
    }
  }, 60_000);

  it('goes on with the old token when the process that refreshed it died before it could store the new one', async () => {
    const { id, emailAddress } = await newMailbox();
    cluster.google.killAccessTokens(emailAddress);
    const victim = await cluster.start();
    const answer = cluster.google.failNext({ method: 'oauth2.token', when: 'after', hang: true });
    const asked = victim.api.put(`/v1/mailboxes/${id}/watch`, {}).catch(() => 'died');
    await eventually(() => answer.hits === 1);
    await victim.program.signal('SIGKILL');
    expect(await asked).toBe('died');
    const { id: messageId } = cluster.google.deliver(emailAddress);
    await added(id, messageId);
    expect((await view(id)).status).toBe('active');
    expect(await types(id)).not.toContain('mailbox.reauthorization_required');
  }, 60_000);

  it('does not condemn a mailbox that is connected again while the verdict about its old grant is on its way', async () => {
    const { id, emailAddress } = await newMailbox();
    const { url } = await one.api.post('/v1/connect-sessions', {}, 201);
    const callback = await cluster.google.consent(url, { account: emailAddress });
    const log = await cluster.holdLog(id);
    const landing = cluster.google.browser.visit(callback);
    // The new grant waits to be stored, in front of the verdict about the old one.
    await eventually(async () => (await log.waiting()) === 1);
    cluster.google.killAccessTokens(emailAddress);
    const refusal = cluster.google.failNext({ method: 'oauth2.token', reason: 'invalid_grant' });
    const { id: messageId } = cluster.google.deliver(emailAddress);
    await eventually(async () => refusal.hits === 1 && (await log.waiting()) === 2);
    await log.release();
    expect((await landing).status).toBe(200);
    await added(id, messageId);
    expect((await view(id)).status).toBe('active');
    expect(await types(id)).not.toContain('mailbox.reauthorization_required');
  }, 60_000);

  const ANSWERS = [
    [{ status: 500 }],
    [{ status: 503, reason: 'invalid_grant' }],
    [{ status: 401, reason: 'invalid_client' }],
    [{ status: 400, reason: 'invalid_request' }],
    [{ status: 200, body: { error: 'invalid_grant' } }],
    [{ dropConnection: true }],
    [{ when: 'after', dropConnection: true }],
  ] as const;

  eachAtOnce('tries a refresh again that was answered by %j', ANSWERS, async (answer) => {
    const { id, emailAddress: account } = await newMailbox();
    cluster.google.killAccessTokens(account);
    const fault = cluster.google.failNext({ method: 'oauth2.token', account, times: 2, ...answer });
    const { id: messageId } = cluster.google.deliver(account);
    await added(id, messageId);
    expect(fault.hits).toBe(2);
    expect((await view(id)).status).toBe('active');
    expect(await types(id)).not.toContain('mailbox.reauthorization_required');
  });

  it('says what ends grants every 7 days when one has died at that age', async () => {
    const { id, emailAddress } = await newMailbox();
    await cluster.database.dataSource.query(
      `UPDATE grants SET granted_at = granted_at - interval '7 days' WHERE mailbox_id = $1`,
      [id],
    );
    cluster.google.revokeByUser(emailAddress);
    cluster.google.notify(emailAddress);
    await one.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    const { sync } = await eventually(() => view(id), {
      until: ({ status, sync }) => status === 'reauthorization_required' && sync.lastError !== null,
    });
    expect(sync.lastError).toMatchObject({ code: 'grant_dead', message: expect.stringContaining('Testing') });
    expect(sync.lastError!.message).toContain('7 days after it was given');
  });
});
