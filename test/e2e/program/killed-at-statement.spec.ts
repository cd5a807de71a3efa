import { Receiver } from '../../fakes/receiver/receiver';
import { type Moment, StatementProxy } from '../../support/database/statement-proxy';
import { eventually } from '../../support/eventually';
import { type ClusterReplica, TestCluster } from '../../support/program/test-cluster';
import { nothingIsUnderWay } from '../../support/sync/background';

/** The statements of a change are those that each of so many changes makes. */
const ROUNDS = 3;
const MIN_STATEMENTS = 3;
const MOMENTS: Moment[] = ['before', 'after'];
/** What a killed process was doing is taken over within 20 s; a start on a busy machine comes before that. */
const TAKEN_OVER_WITHIN_MS = 40_000;

describe('a process that is killed at a statement of a change', () => {
  let cluster: TestCluster;
  let proxy: StatementProxy;
  let receiver: Receiver;
  let replica: ClusterReplica;
  beforeAll(async () => {
    [cluster, receiver] = await Promise.all([TestCluster.create(), Receiver.start()]);
    proxy = await StatementProxy.to(cluster.database.url);
    replica = await start();
    await replica.api.post('/v1/endpoints', { url: receiver.origin, eventTypes: ['message.added'] }, 201);
  }, 60_000);
  afterAll(async () => {
    await cluster?.close();
    await proxy?.close();
    await receiver?.stop();
  });

  const start = () => {
    const url = new URL(cluster.database.url);
    url.host = `127.0.0.1:${proxy.port}`;
    return cluster.start({ DATABASE_URL: url.href });
  };
  const received = (messageId: string) =>
    receiver.received.filter(({ event }) => event.data.messageId === messageId);
  const isSettled = () => nothingIsUnderWay(cluster.database);
  const delivered = async (address: string) => {
    const { id } = cluster.google.deliver(address);
    await eventually(() => received(id).length > 0);
    await eventually(isSettled);
    return id;
  };

  /** The texts of the statements that every change makes, each once. */
  async function statementsOfAChange(address: string): Promise<string[]> {
    await delivered(address);
    const rounds: Set<string>[] = [];
    while (rounds.length < ROUNDS) {
      const from = proxy.passed.length;
      await delivered(address);
      rounds.push(new Set(proxy.passed.slice(from)));
    }
    return [...rounds[0]!].filter((text) => rounds.every((round) => round.has(text)));
  }

  it('loses and duplicates nothing, whichever statement it is, done or not', async () => {
    await cluster.connect('ada@example.com', replica);
    const texts = await statementsOfAChange('ada@example.com');
    expect(texts.length).toBeGreaterThanOrEqual(MIN_STATEMENTS);
    const kills = texts.flatMap((text) => MOMENTS.map((moment) => ({ text, moment })));
    // Each on a mailbox of its own, so that no kill waits for what another one left to be taken over.
    const struck = await Promise.all(
      kills.map(async (kill, n) => ({
        ...kill,
        address: `struck-${n}@example.com`,
        mailbox: await cluster.connect(`struck-${n}@example.com`, replica),
        messages: [] as string[],
      })),
    );
    for (const { text, moment, address, messages } of struck) {
      messages.push(await delivered(address));
      const reached = proxy.stopAt(text, moment);
      // Nothing comes after it that would bring it along.
      messages.push(cluster.google.deliver(address).id);
      await reached;
      await replica.program.signal('SIGKILL');
      replica = await start();
    }
    for (const { mailbox, messages } of struck) {
      for (const id of messages)
        await eventually(() => received(id).length > 0, { timeout: TAKEN_OVER_WITHIN_MS });
      const { data: log } = await replica.api.get(`/v1/events?mailboxId=${mailbox.id}&limit=100`);
      expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
      const added = log.filter(({ type }) => type === 'message.added').map(({ data }) => data);
      expect(added).toMatchObject(messages.map((messageId) => ({ messageId })));
      // At least once, and in order: what comes again has come before.
      const order = [...new Set(receiver.sequences(mailbox.id))];
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  }, 300_000);
});
