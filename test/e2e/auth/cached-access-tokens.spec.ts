import { eventually } from '../../support/eventually';
import type { InProcessReplica } from '../../support/program/in-process-replica';
import { TestCluster } from '../../support/program/test-cluster';

describe('an access token in the memory of one process', () => {
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

  const view = (id: string) => one.api.get(`/v1/mailboxes/${id}`);
  /** A mailbox whose token both processes have in memory. */
  const newMailbox = async () => {
    const mailbox = await cluster.connect(`cached-${++count}@example.com`, one);
    for (const { api } of [one, two]) await api.put(`/v1/mailboxes/${mailbox.id}/watch`, {});
    return mailbox;
  };
  /** The owner connects it again, by the first process: the other one goes on with the token from before. */
  const reconnect = (emailAddress: string) => cluster.connect(emailAddress, one);
  const lacksScope = (method: string, account: string) =>
    cluster.google.failNext({ method, account, status: 403, reason: 'insufficientPermissions' });
  const added = async (id: string) =>
    (await one.api.events({ mailboxId: id, types: 'message.added' })).map(({ data }) => data.messageId);

  it('reads no more of a mailbox that another one has disconnected', async () => {
    const { id, emailAddress } = await newMailbox();
    const { id: messageId } = cluster.google.deliver(emailAddress);
    await two.api.get(`/v1/mailboxes/${id}/messages/${messageId}`);
    await one.api.delete(`/v1/mailboxes/${id}`, 202);
    cluster.google.requests.clear();
    await two.api.get(`/v1/mailboxes/${id}/messages/${messageId}`, 409);
    await eventually(async () => (await view(id)).status === 'disconnected');
    await two.api.get(`/v1/mailboxes/${id}/messages/${messageId}`, 409);
    expect(cluster.google.requests.count({ method: 'gmail.users.messages.get' })).toBe(0);
  }, 60_000);

  it('ends no grant with which another one has replaced that of the token', async () => {
    const { id, emailAddress } = await newMailbox();
    await reconnect(emailAddress);
    const refusal = lacksScope('gmail.users.watch', emailAddress);
    await two.api.put(`/v1/mailboxes/${id}/watch`, {});
    expect(refusal.hits).toBe(1);
    expect((await view(id)).status).toBe('active');
  }, 60_000);

  it('ends no such grant for what is refused within a batch', async () => {
    const { id, emailAddress } = await newMailbox();
    await reconnect(emailAddress);
    await one.stop();
    // No push: they would go to the process that has ended.
    const sent = [1, 2, 3].map(() => cluster.google.deliver(emailAddress).id);
    const refusal = lacksScope('gmail.users.messages.get', emailAddress);
    await two.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    await eventually(() => refusal.hits === 1);
    one = await cluster.startInProcess();
    await eventually(async () => (await added(id)).length === sent.length, { timeout: 25_000 });
    expect([refusal.hits, await added(id)]).toEqual([1, sent]);
    expect((await view(id)).status).toBe('active');
  }, 60_000);
});
