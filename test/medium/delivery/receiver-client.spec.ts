import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ATTEMPT_TIMEOUT, ReceiverClient } from '../../../src/delivery/egress/receiver.client';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { Receiver } from '../../fakes/receiver/receiver';

const clientThat = ({ allowsPrivate }: { allowsPrivate: boolean }) =>
  new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: allowsPrivate }, new NameResolver());

describe(ReceiverClient, () => {
  let receiver: Receiver;
  let client: ReceiverClient;
  beforeEach(async () => {
    receiver = await Receiver.start();
    client = clientThat({ allowsPrivate: false });
  });
  afterEach(async () => {
    client.onApplicationShutdown();
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

  it('ends an attempt when it is aborted, and begins none after that', async () => {
    const open = clientThat({ allowsPrivate: true });
    const cutOff = new AbortController();
    receiver.answer = () => {
      cutOff.abort(new Error('enough'));
      return Promise.resolve('nothing');
    };
    await expect(open.post(receiver.origin, {}, '{}', cutOff.signal)).rejects.toThrow('enough');
    await expect(open.post(receiver.origin, {}, '{}', cutOff.signal)).rejects.toThrow('enough');
    expect(receiver.received).toHaveLength(1);
    open.onApplicationShutdown();
  });

  describe('with an answer that', () => {
    const open = clientThat({ allowsPrivate: true });
    afterAll(() => open.onApplicationShutdown());
    const post = (timeout?: number) =>
      open.post(receiver.origin, {}, '{}', new AbortController().signal, timeout);
    /** Resolves when the connection of the request is closed. */
    const hangUp = (during: (response: ServerResponse) => void) =>
      new Promise<void>((closed) => {
        receiver.answer = (_received, response) => {
          response.on('close', closed);
          during(response);
          return Promise.resolve('nothing');
        };
      });

    it('never comes: is cut off in time', async () => {
      const closed = hangUp(() => {});
      await expect(post(100)).rejects.toThrow('no complete answer within 0.1 s');
      await closed;
    });

    const dripAfter = (beginning: string) =>
      hangUp((response) => {
        response.socket!.write(beginning);
        const drip = setInterval(() => response.socket?.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      });

    it('sends its headers byte by byte without end: is cut off in time', async () => {
      const closed = dripAfter('HTTP/1.1 200 OK\r\nx-slow: ');
      await expect(post(200)).rejects.toThrow('no complete answer within 0.2 s');
      await closed;
    });

    it('sends its body byte by byte without end: is classified by its status, and cut off in time', async () => {
      const closed = dripAfter('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      expect(await post(200)).toMatchObject({ status: 200, beginning: expect.stringMatching(/^x*$/) });
      await closed;
    });

    it('is huge: is cut off after its beginning', async () => {
      const sent = { bytes: 0 };
      const closed = hangUp((response) => {
        response.writeHead(200, { 'content-length': 1e12 });
        const more = () => {
          while (response.writable && response.write('x'.repeat(4_096))) sent.bytes += 4_096;
        };
        response.on('drain', more);
        more();
      });
      expect(await post()).toEqual({
        status: 200,
        beginning: 'x'.repeat(1_024),
        retryAfter: undefined,
        date: expect.anything(),
      });
      await closed;
      expect(sent.bytes).toBeLessThan(50e6);
    });

    it('redirects: is the answer', async () => {
      receiver.answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1/' }, body: 'there' });
      expect(await post()).toMatchObject({ status: 302, beginning: 'there' });
      expect(receiver.received).toHaveLength(1);
    });
  });

  it('closes the connection of a receiver that has answered and reads no further', async () => {
    const open = clientThat({ allowsPrivate: true });
    const sockets: Socket[] = [];
    const unread = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.once('data', () => socket.pause().write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    });
    await new Promise<void>((resolve) => unread.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(unread.address() as AddressInfo).port}/`;
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setInterval', 'Date', 'performance'] });
    const answer = await open.post(url, {}, 'x'.repeat(8e6), new AbortController().signal);
    jest.advanceTimersByTime(15_000);
    jest.useRealTimers();
    expect(answer).toMatchObject({ status: 200, beginning: 'ok' });
    sockets[0]!.resume();
    // Before all of the body has come.
    await new Promise((resolve) => sockets[0]!.once('close', resolve));
    expect(sockets[0]!.bytesRead).toBeLessThan(8e6);
    open.onApplicationShutdown();
    unread.close();
  });

  it('gives an attempt 15 seconds', () => {
    expect(ATTEMPT_TIMEOUT).toBe(15_000);
  });
});
