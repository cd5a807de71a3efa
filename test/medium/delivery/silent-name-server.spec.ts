import dns from 'node:dns';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { NameServer } from '../../support/delivery/name-server';
import { eventually } from '../../support/eventually';
import { insertMailbox, TestReplica } from '../../support/test-replica';

const MAILBOXES = 60;

describe('an endpoint whose name server is silent', () => {
  let names: NameServer;
  let database: TestDatabase;
  let replica: TestReplica;
  let receiver: Receiver;

  beforeAll(async () => {
    names = await NameServer.start();
    names.records['well.example.com'] = ['127.0.0.1'];
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url);
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
    await replica.stop();
    await database.drop();
    await names.stop();
    jest.restoreAllMocks();
  });

  /** Milliseconds until another receiver has an event of each of 60 new mailboxes, and the system has looked up a name. */
  async function timeOfOthers(): Promise<number> {
    const mailboxes = await Promise.all(
      Array.from({ length: MAILBOXES }, () => insertMailbox(database.dataSource)),
    );
    receiver.received.length = 0;
    const began = performance.now();
    await Promise.all(mailboxes.map((mailbox) => replica.append(mailbox)));
    await eventually(() => receiver.received.length, { until: (count) => count === MAILBOXES });
    await dns.promises.lookup('localhost');
    return performance.now() - began;
  }

  it.each([
    ['one', ['silent-1.example.com']],
    ['five', [2, 3, 4, 5, 6].map((n) => `silent-${n}.example.com`)],
  ])(
    'delays no other receiver and no other look-up, and fails with a sentence: %s of them',
    async (_, hosts) => {
      const lookup = jest.spyOn(dns, 'lookup');
      await replica.endpoint(`http://well.example.com:${new URL(receiver.origin).port}/`);
      await timeOfOthers();
      const control = await timeOfOthers();
      for (const host of hosts) names.records[host] = 'silence';
      const silent = [];
      for (const host of hosts) silent.push(await replica.endpoint(`http://${host}/`));
      const questions = names.questions.length;
      const beside = await timeOfOthers();
      expect(beside / control).toBeLessThan(5);
      for (const [n, { id }] of silent.entries()) {
        const list = () => replica.api('GET', `/v1/deliveries?endpointId=${id}&limit=500`);
        const { body } = await eventually(list, {
          until: ({ body: { data } }) => data.every(({ attempts }) => attempts.length > 0),
          timeout: 60_000,
        });
        expect(body.data).toHaveLength(MAILBOXES);
        expect(body.data[0]!.attempts[0]!.error).toBe(
          `the name servers gave no answer for ${hosts[n]}: check the DNS of that name`,
        );
      }
      // All of them share few questions, and none goes through the threads of the system's own look-ups.
      const asked = names.questions.slice(questions).filter((name) => hosts.includes(name));
      expect(asked.length).toBeLessThan(40 * hosts.length);
      expect(lookup.mock.calls.map(([name]) => name).filter((name) => hosts.includes(name))).toEqual([]);
      await replica.deleteEndpoints();
    },
    120_000,
  );

  it('is changed without a transaction that hides what is appended while its name is looked up', async () => {
    const { id } = await replica.endpoint('http://slow.example.com/', { eventTypes: ['watch.failed'] });
    names.records['slow.example.com'] = 'silence';
    const mailbox = await insertMailbox(database.dataSource);
    const questions = names.questions.length;
    let isAnswered = false;
    const changed = replica
      .api('POST', `/v1/endpoints/${id}/rotate-secret`)
      .finally(() => (isAnswered = true));
    await eventually(() => names.questions.length > questions);
    await replica.append(mailbox);
    await eventually(
      async () => (await replica.api('GET', `/v1/events?mailboxId=${mailbox.id}`)).body.data.length === 1,
    );
    expect(isAnswered).toBe(false);
    expect((await changed).status).toBe(200);
  });
});
