import { PubsubClient, type OpenSubscription } from '../../../src/pubsub/pubsub.client';
import { FakePubsub } from '../../fakes/pubsub/fake-pubsub';
import { TcpProxy } from '../../support/database/tcp-proxy';
import { eventually } from '../../support/eventually';
import { PUSH } from '../../support/program/local-setup';

describe('a connection to Pub/Sub that lets nothing through any more, without a word', () => {
  let pubsub: FakePubsub;
  let cable: TcpProxy;
  let client: PubsubClient;
  let subscription: OpenSubscription | undefined;
  beforeEach(async () => {
    pubsub = await FakePubsub.start();
    pubsub.createTopic(PUSH.topic);
    cable = await TcpProxy.to('127.0.0.1', Number(pubsub.host.split(':')[1]));
    const settings = { emulatorHost: `127.0.0.1:${cable.port}`, projectId: 'p' };
    client = new PubsubClient(settings as never, {} as never);
    client.keepAlive = { 'grpc.keepalive_time_ms': 500, 'grpc.keepalive_timeout_ms': 500 };
  });
  afterEach(async () => {
    await subscription?.close();
    await client.onApplicationShutdown();
    pubsub.stop();
    await cable.cut();
  });

  /** What is under way, and what will be sent over this connection, is lost; new connections work. */
  const goesSilent = () => {
    cable.swallow();
    cable.spare();
  };

  it('is left, and what was published meanwhile is pulled over another one', async () => {
    pubsub.createSubscription(PUSH.subscription, PUSH.topic);
    const pulled: string[] = [];
    subscription = await client.open(PUSH.subscription, {
      message: (message) => {
        pulled.push(message.data.toString());
        message.ack();
      },
      interrupted: () => undefined,
      ended: () => undefined,
    });
    pubsub.publish(PUSH.topic, Buffer.from('before'));
    await eventually(() => pulled.includes('before'));
    goesSilent();
    await eventually(() => pubsub.streamsOpened === 2, { timeout: 10_000 });
    // Pub/Sub does not know yet that the old stream is gone, and gives it one of them.
    for (let n = 0; n < 2; n++) pubsub.publish(PUSH.topic, Buffer.from('after'));
    await eventually(() => pulled.includes('after'), { timeout: 20_000 });
  });

  it('is left, and what is published goes over another one', async () => {
    const publish = () =>
      client.publish(PUSH.topic, { data: 'x', attributes: {}, orderingKey: '' }, 2_000).then(
        () => true,
        () => false,
      );
    expect(await publish()).toBe(true);
    goesSilent();
    await eventually(publish, { timeout: 20_000 });
  });
});
