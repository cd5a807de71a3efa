import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { DatabaseUnusableError } from '../../../src/database/database-unusable.error';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox, Readiness } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import type { InProcessReplica } from '../../support/program/in-process-replica';
import { TestCluster } from '../../support/program/test-cluster';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW, OTHER] = [key('old'), key('new'), key('other')];

describe('a change of ENCRYPTION_KEYS', () => {
  let cluster: TestCluster;
  let receiver: Receiver;
  let replica: InProcessReplica;
  let active: Mailbox;
  let dead: Mailbox;
  let endpoint: { id: string; secret: string };
  beforeAll(async () => {
    cluster = await TestCluster.create();
    receiver = await Receiver.start();
    replica = await cluster.startInProcess({ ENCRYPTION_KEYS: OLD });
    active = await cluster.connect('active@example.com', replica);
    dead = await cluster.connect('dead@example.com', replica);
    cluster.google.revokeByUser(dead.emailAddress);
    await replica.api.post(`/v1/mailboxes/${dead.id}/sync`, undefined, 202);
    await eventually(async () => (await mailbox(dead.id)).status === 'reauthorization_required');
    endpoint = await replica.api.post(
      '/v1/endpoints',
      { url: receiver.origin, eventTypes: ['message.added'] },
      201,
    );
  }, 60_000);
  afterAll(async () => {
    await cluster?.close();
    await receiver?.stop();
  });

  const mailbox = (id: string) => replica.api.get(`/v1/mailboxes/${id}`);
  const readiness = async (of = replica) =>
    (await (await fetch(`${of.origin}/health/ready`)).json()) as Readiness;
  const restart = async (keys: string) => {
    await replica.stop();
    replica = await cluster.startInProcess({ ENCRYPTION_KEYS: keys });
  };
  const ciphertexts = async (): Promise<string[]> => {
    const rows = await cluster.database.dataSource.query<{ text: string }[]>(
      `SELECT refresh_token AS text FROM grants UNION ALL SELECT access_token FROM grants
       UNION ALL SELECT secret FROM endpoint_secrets`,
    );
    return rows.map(({ text }) => text);
  };
  const received = (messageId: string) =>
    eventually(() => receiver.received.find(({ event }) => event.data.messageId === messageId), {
      timeout: 45_000,
    });

  it('moves every secret to the first key, that of sleeping grants and of endpoints too, and reports when the old key can go', async () => {
    expect((await ciphertexts()).every((text) => text.startsWith('old:'))).toBe(true);
    await restart(`${NEW},${OLD}`);
    const second = await cluster.startInProcess({ ENCRYPTION_KEYS: `${NEW},${OLD}` });
    for (const one of [replica, second])
      await eventually(() => readiness(one), {
        until: ({ status, checks }) =>
          status === 'ok' && /^Nothing is left under key "old"/.test(checks.encryption.detail!),
      });
    const texts = await ciphertexts();
    expect(texts).toHaveLength(5);
    expect(texts.every((text) => text.startsWith('new:'))).toBe(true);
    // Nest has one logger for all applications of a process: that of the one that was started last.
    expect(replica.output + second.output).toContain('Nothing is left under key \\"old\\"');
    await second.stop();
  }, 60_000);

  it('works without the old key afterwards', async () => {
    await restart(NEW);
    const { id } = cluster.google.deliver(active.emailAddress);
    const { body, headers } = (await received(id))!;
    expect(() => new Webhook(endpoint.secret).verify(body, headers)).not.toThrow();
    expect((await readiness()).checks.encryption).toEqual({ status: 'up' });
  }, 60_000);

  it('starts without a key that is needed, says what it cannot read, and goes on when the key is back', async () => {
    const { url } = await replica.api.post('/v1/connect-sessions', {}, 201);
    await restart(OTHER);
    const { checks } = await eventually(() => readiness(), {
      until: (seen) => seen.status === 'degraded',
    });
    expect(checks.encryption).toEqual({
      status: 'degraded',
      detail: expect.stringMatching(
        /^A key is missing: .*grants under key "new" \(4\), .*cannot be read\. Put it back into ENCRYPTION_KEYS/,
      ),
    });
    const { id } = cluster.google.deliver(active.emailAddress);
    const seen = await eventually(() => mailbox(active.id), {
      until: ({ sync }) => sync.lastError !== null,
    });
    expect(seen.status).toBe('active');
    expect(seen.sync.lastError).toEqual({
      code: 'grant_unreadable',
      message: expect.stringContaining('put the missing key back into ENCRYPTION_KEYS'),
      at: expect.any(String),
    });
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(410);
    await restart(`${OTHER},${NEW}`);
    await received(id);
    expect(await mailbox(active.id)).toMatchObject({ status: 'active', sync: { lastError: null } });
  }, 90_000);

  it('says why nothing can be signed for an endpoint whose key is missing, and delivers when it is back', async () => {
    const sql = <Result = unknown>(statement: string, ...values: string[]) =>
      cluster.database.dataSource.query<Result>(statement, values);
    const [{ secret }] = await sql<[{ secret: string }]>('SELECT secret FROM endpoint_secrets');
    await sql('UPDATE endpoint_secrets SET secret = $1', secret.replace(/^\w+/, 'lost'));
    // Nobody goes on with what was read of the endpoint before.
    await sql('UPDATE endpoints SET revision = revision + 1');
    const { id } = cluster.google.deliver(active.emailAddress);
    const sentence = `The signing secret of endpoint ${endpoint.id} cannot be read: put the missing key back`;
    await eventually(() => replica.output.includes(sentence));
    await sql('UPDATE endpoint_secrets SET secret = $1', secret);
    await eventually(async () => {
      // It rests for half a minute; the claim that it rests from may not be returned yet.
      const due =
        'UPDATE delivery_cursors SET next_attempt_at = now() WHERE next_attempt_at > now() RETURNING 1';
      return (await sql<[unknown[], number]>(due))[1] === 1;
    });
    await received(id);
  }, 90_000);

  it('does not start with another key that has the id of the right one, and leaves all as it is', async () => {
    const before = await ciphertexts();
    const [id] = before[0]!.split(':') as [string];
    const refused = cluster.startInProcess({ ENCRYPTION_KEYS: key(id) });
    await expect(refused).rejects.toThrow(DatabaseUnusableError);
    await expect(refused).rejects.toThrow(/another key with the same id.*Put the right one in its place/);
    expect((await ciphertexts()).sort()).toEqual(before.sort());
  });
});
