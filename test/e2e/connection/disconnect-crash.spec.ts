import { eventually } from '../../support/eventually';
import { TestCluster, type ClusterReplica } from '../../support/program/test-cluster';

const STOP = 'gmail.users.stop';
const REVOKE = 'oauth2.revoke';

describe('disconnecting a mailbox while processes are killed', () => {
  let cluster: TestCluster;
  beforeAll(async () => void (cluster = await TestCluster.create()));
  afterAll(() => cluster?.close());

  const status = async (by: Pick<ClusterReplica, 'api'>, id: string) =>
    (await by.api.get(`/v1/mailboxes/${id}`)).status;

  // Killed before Google was asked, after it did what was asked, and before the last commit.
  it('goes on at every step after a SIGKILL, and reports each mailbox once', async () => {
    const victim = await cluster.start();
    const at = async (name: string, fault: { method: string; when?: 'after' }) => {
      const { id, emailAddress } = await cluster.connect(`${name}@example.com`, victim);
      const hanging = cluster.google.failNext({ ...fault, hang: true });
      await victim.api.delete(`/v1/mailboxes/${id}`, 202);
      await eventually(() => hanging.hits === 1);
      return { id, emailAddress };
    };
    const boxes = [
      await at('before-stop', { method: STOP }),
      await at('after-stop', { method: STOP, when: 'after' }),
      await at('after-revoke', { method: REVOKE, when: 'after' }),
    ];
    const last = await cluster.connect('before-erase@example.com', victim);
    const revoked = cluster.google.failNext({ method: REVOKE, when: 'after', delayMs: 300 });
    await victim.api.delete(`/v1/mailboxes/${last.id}`, 202);
    await eventually(() => revoked.hits === 1);
    // Its last transaction has to wait for the log, and so can be met by the kill.
    const ending = await cluster.holdLog(last.id);
    await eventually(async () => (await ending.waiting()) === 1);
    await victim.program.signal('SIGKILL');
    await ending.release();
    cluster.google.faults.clear();

    const survivors = [await cluster.startInProcess(), await cluster.startInProcess()];
    for (const { id, emailAddress } of [...boxes, last]) {
      await eventually(() => status(survivors[0]!, id), {
        until: (seen) => seen === 'disconnected',
        timeout: 25_000,
      });
      expect(cluster.google.grantOf(emailAddress)).toBeNull();
      const events = await survivors[1]!.api.events({ mailboxId: id });
      expect(events.map(({ type }) => type)).toEqual(['mailbox.connected', 'mailbox.disconnected']);
    }
    expect(await cluster.database.dataSource.query('SELECT FROM grants')).toEqual([]);
    expect(await cluster.database.dataSource.query('SELECT FROM disconnects')).toEqual([]);
  }, 90_000);
});
