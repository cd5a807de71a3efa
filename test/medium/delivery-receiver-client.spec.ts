import { ReceiverClient } from '../../src/delivery/attempt/receiver.client';
import { Receiver } from '../fakes/receiver/receiver';

describe(ReceiverClient, () => {
  let receiver: Receiver;
  let client: ReceiverClient;
  beforeEach(async () => {
    receiver = await Receiver.start();
    client = new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: false });
  });
  afterEach(async () => {
    await client.onApplicationShutdown();
    await receiver.stop();
  });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])(
    'does not connect to %s, whatever was registered',
    async (host) => {
      const url = `http://${host}:${new URL(receiver.origin).port}/`;
      await expect(client.post(url, {}, '{}', new AbortController().signal)).rejects.toThrow(
        'loopback, private or otherwise internal',
      );
      expect(receiver.received).toHaveLength(0);
    },
  );

  it('ends an attempt when it is told to, and begins none after that', async () => {
    const open = new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: true });
    const cutOff = new AbortController();
    receiver.answer = () => {
      cutOff.abort(new Error('enough'));
      return Promise.resolve('nothing');
    };
    await expect(open.post(receiver.origin, {}, '{}', cutOff.signal)).rejects.toThrow('enough');
    await expect(open.post(receiver.origin, {}, '{}', cutOff.signal)).rejects.toThrow('enough');
    expect(receiver.received).toHaveLength(1);
    await open.onApplicationShutdown();
  });
});
