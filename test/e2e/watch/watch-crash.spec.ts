import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { type ClusterReplica, TestCluster } from '../../support/program/test-cluster';

/** What a killed replica was doing is taken over within this (contract, section 9). */
const TAKEOVER_MS = 20_000;

const CALLS = [
  ['for a watch', 'gmail.users.watch', 'put'],
  ['to stop a watch', 'gmail.users.stop', 'delete'],
  ['to refresh the grant that the watch needs', 'oauth2.token', 'put'],
] as const;

describe('a replica that is killed while Google is asked', () => {
  let cluster: TestCluster;
  /** What the other replica answers when it is asked the same at once, and after how long. */
  let answers: Promise<{ mailbox: Mailbox; ms: number }>[];
  // It dies once, of three mailboxes that are waiting for Google.
  beforeAll(async () => {
    cluster = await TestCluster.create();
    const victim = await cluster.start();
    const survivor = await cluster.startInProcess();
    const mailboxes: Mailbox[] = [];
    for (const [index, [, method, verb]] of CALLS.entries()) {
      const mailbox = await cluster.connect(`owner-${index}@example.com`, victim);
      const { id, emailAddress: account } = mailbox;
      if (method === 'oauth2.token') cluster.google.killAccessTokens(account);
      const hanging = cluster.google.failNext({ method, account, hang: true });
      ask(victim, verb, id).catch(() => undefined);
      await eventually(() => hanging.hits === 1);
      mailboxes.push(mailbox);
    }
    await victim.program.signal('SIGKILL');
    const killed = performance.now();
    cluster.google.faults.clear();
    answers = CALLS.map(async ([, , verb], index) => {
      const mailbox = await ask(survivor, verb, mailboxes[index]!.id);
      return { mailbox, ms: performance.now() - killed };
    });
    await Promise.allSettled(answers);
  }, 90_000);
  afterAll(() => cluster?.close());

  const ask = ({ api }: Pick<ClusterReplica, 'api'>, verb: 'put' | 'delete', id: string) =>
    verb === 'put' ? api.put(`/v1/mailboxes/${id}/watch`, {}) : api.delete(`/v1/mailboxes/${id}/watch`, 200);

  it.each(CALLS.map((call, index) => [...call, index] as const))(
    '%s keeps nobody from that mailbox for longer than 20 s',
    async (_name, _method, verb, index) => {
      const { mailbox, ms } = await answers[index]!;
      expect(ms).toBeLessThan(TAKEOVER_MS);
      expect(mailbox.watch!.status).toBe(verb === 'put' ? 'active' : 'stopped');
    },
  );
});
