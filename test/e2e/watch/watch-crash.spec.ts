import { eventually } from '../../support/eventually';
import { TestCluster } from '../../support/program/test-cluster';

/** What a killed replica was doing is taken over within this (contract, section 9). */
const TAKEOVER_MS = 20_000;

describe('a replica that is killed while Google is asked', () => {
  let cluster: TestCluster;
  beforeEach(async () => void (cluster = await TestCluster.create()));
  afterEach(() => cluster?.close());

  it.each([
    ['for a watch', 'gmail.users.watch', 'put'],
    ['to stop a watch', 'gmail.users.stop', 'delete'],
    ['to refresh the grant that the watch needs', 'oauth2.token', 'put'],
  ] as const)(
    '%s keeps nobody from that mailbox for longer than 20 s',
    async (_name, method, verb) => {
      const victim = await cluster.start();
      const survivor = await cluster.start();
      const { id } = await cluster.connect('ada@example.com', victim);
      if (method === 'oauth2.token')
        await cluster.database.dataSource.query('UPDATE grants SET access_token_expires_at = now()');
      const path = `/v1/mailboxes/${id}/watch` as const;
      const ask = ({ api }: typeof victim) => (verb === 'put' ? api.put(path, {}) : api.delete(path, 200));
      const hanging = cluster.google.failNext({ method, hang: true });
      ask(victim).catch(() => undefined);
      await eventually(() => hanging.hits === 1);
      await victim.program.signal('SIGKILL');
      const killed = performance.now();
      cluster.google.faults.clear();

      const { watch } = await ask(survivor);
      expect(performance.now() - killed).toBeLessThan(TAKEOVER_MS);
      expect(watch!.status).toBe(verb === 'put' ? 'active' : 'stopped');
    },
    90_000,
  );
});
