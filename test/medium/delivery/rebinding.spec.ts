import { Receiver } from '../../fakes/receiver/receiver';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { NameServer } from '../../support/delivery/name-server';
import { eventually } from '../../support/eventually';
import { TestReplica, insertMailbox } from '../../support/test-replica';

describe('a name', () => {
  const NAME = 'receiver.example.com';
  let names: NameServer;
  let database: TestDatabase;
  let replica: TestReplica;
  let receiver: Receiver;

  beforeAll(async () => {
    names = await NameServer.start();
    database = await createTestDatabase();
    replica = await TestReplica.start(database.url, { ALLOW_PRIVATE_ENDPOINTS: 'false' });
    receiver = await Receiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
    await replica.stop();
    await database.drop();
    await names.stop();
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
    names.records[NAME] = [address];
    const { status, body } = await replica.api('POST', '/v1/endpoints', { url: url() });
    expect([status, body.code]).toEqual([400, 'endpoint_url_forbidden']);
  });

  it('that resolves to an internal address after the check (DNS rebinding) is not connected to', async () => {
    names.records[NAME] = ['93.184.215.14'];
    const { id } = await replica.endpoint(url());
    names.records[NAME] = ['127.0.0.1'];
    await replica.append(await insertMailbox(database.dataSource));
    const [delivery] = await eventually(
      async () => (await replica.api('GET', `/v1/deliveries?endpointId=${id}`)).body.data,
      { until: ([seen]) => (seen?.attempts.length ?? 0) > 0 },
    );
    expect(delivery!.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining('internal address'),
    });
    const { body } = await replica.api('POST', `/v1/endpoints/${id}/test`);
    expect(body.error).toContain('internal address');
    expect(receiver.received).toHaveLength(0);
  });
});
