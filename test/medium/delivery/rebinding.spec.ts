import dns from 'node:dns';
import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox } from '../../support/test-replica';

/** A name server that answers for one name what it is told, and leaves the others to the system. */
function nameServer(name: string) {
  const answers = { atRegistration: '93.184.215.14', atConnection: '93.184.215.14' };
  const { lookup } = dns;
  const { lookup: lookupSoon } = dns.promises;
  jest
    .spyOn(dns, 'lookup')
    .mockImplementation(((host: string, options: any, done: any) =>
      host === name
        ? done(null, [{ address: answers.atConnection, family: 4 }])
        : lookup(host, options, done)) as any);
  jest
    .spyOn(dns.promises, 'lookup')
    .mockImplementation(((host: string, options: any) =>
      host === name
        ? Promise.resolve([{ address: answers.atRegistration, family: 4 }])
        : lookupSoon(host, options)) as any);
  return answers;
}

describe('a name', () => {
  const NAME = 'receiver.example.com';
  let answers: ReturnType<typeof nameServer>;
  let database: TestDatabase;
  let replica: TestReplica;
  let receiver: Receiver;

  beforeAll(async () => {
    answers = nameServer(NAME);
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url, { ALLOW_PRIVATE_ENDPOINTS: 'false' });
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
    await replica.stop();
    await database.drop();
    jest.restoreAllMocks();
  });
  const url = () => `http://${NAME}:${new URL(receiver.origin).port}/`;

  it.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    'fd00::1',
    '64:ff9b::a00:1',
    '::ffff:127.0.0.1',
  ])('that resolves to %s is not registered', async (address) => {
    answers.atRegistration = address;
    const { status, body } = await replica.api('POST', '/v1/endpoints', { url: url() });
    expect([status, body.code]).toEqual([400, 'endpoint_url_forbidden']);
  });

  it('that resolves to an internal address after the check (DNS rebinding) is not connected to', async () => {
    answers.atRegistration = '93.184.215.14';
    answers.atConnection = '127.0.0.1';
    const { id } = await replica.endpoint(url());
    await replica.append(await insertMailbox(database.dataSource));
    const [delivery] = await eventually(
      async () => (await replica.api('GET', `/v1/deliveries?endpointId=${id}`)).body.data,
      { until: ([seen]) => seen?.attempts.length > 0 },
    );
    expect(delivery.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining('internal address'),
    });
    const { body } = await replica.api('POST', `/v1/endpoints/${id}/test`);
    expect(body.error).toContain('internal address');
    expect(receiver.received).toHaveLength(0);
  });
});
