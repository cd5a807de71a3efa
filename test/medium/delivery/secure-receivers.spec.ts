import type { AddressInfo } from 'node:net';
import {
  createServer,
  getCACertificates,
  type Server,
  setDefaultCACertificates,
  type TLSSocket,
} from 'node:tls';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { ReceiverClient } from '../../../src/delivery/egress/receiver.client';
import { SELF_SIGNED_CERTIFICATE, SELF_SIGNED_KEY } from '../../support/database/tls-proxy';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const TRUSTED = getCACertificates('default');

describe('a receiver behind TLS', () => {
  let client: ReceiverClient;
  let server: Server;
  let requests: number;
  beforeEach(() => {
    client = new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: true }, new NameResolver());
    setDefaultCACertificates([SELF_SIGNED_CERTIFICATE]);
    requests = 0;
  });
  afterEach(() => {
    client.onApplicationShutdown();
    server.close();
    setDefaultCACertificates(TRUSTED);
  });

  /** @param answer gets how many requests had come on the connection before */
  const answering = async (answer: (socket: TLSSocket, before: number) => void) => {
    server = createServer({ key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERTIFICATE }, (socket) => {
      let before = 0;
      socket
        .on('error', () => undefined)
        .on('data', () => {
          requests += 1;
          answer(socket, before++);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  };
  const post = (host = 'localhost') => {
    const { port } = server.address() as AddressInfo;
    return client.post(`https://${host}:${port}`, {}, '{}', new AbortController().signal);
  };

  it('has its connection used again', async () => {
    let connections = 0;
    await answering((socket) => socket.write(OK));
    server.on('secureConnection', () => (connections += 1));
    expect([await post(), await post()]).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(connections).toBe(1);
  });

  it.each(['end', 'destroy'] as const)(
    'closes a kept connection with %s and without an answer, and is asked again on a fresh one',
    async (how) => {
      await answering((socket, before) => (before === 0 ? socket.write(OK) : socket[how]()));
      expect([await post(), await post()]).toMatchObject([{ status: 200 }, { status: 200 }]);
      expect(requests).toBe(3);
    },
  );

  it('ends its answer without saying so, and has answered', async () => {
    await answering((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nok', () => socket.destroy()));
    expect(await post()).toMatchObject({ status: 200 });
  });

  it('is not asked when its certificate is for another name, or of nobody known', async () => {
    await answering((socket) => socket.write(OK));
    await expect(post('127.0.0.1')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    setDefaultCACertificates(TRUSTED);
    client.onApplicationShutdown();
    await expect(post()).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(requests).toBe(0);
  });
});
