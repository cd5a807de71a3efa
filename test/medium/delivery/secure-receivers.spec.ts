import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net';
import { createServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { describeConnectionFault } from '../../../src/delivery/egress/connection-fault';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { ReceiverClient } from '../../../src/delivery/egress/receiver.client';
import { SELF_SIGNED_CERTIFICATE, SELF_SIGNED_KEY } from '../../support/database/tls-proxy';

/** A fatal alert of TLS: https://www.rfc-editor.org/rfc/rfc8446#section-6 */
const alert = (code: number) => Buffer.from([0x15, 3, 3, 0, 2, 2, code]);

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

  it('is asked for a name without the dot at the end of its host', async () => {
    const asked: (string | false | null)[] = [];
    await answering((socket) => {
      asked.push(socket.servername);
      socket.write(OK);
    });
    expect(await post('localhost.')).toMatchObject({ status: 200 });
    expect(asked).toEqual(['localhost']);
  });

  it.each([
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'does not speak TLS on this port'],
    ['has no certificate for the host, as Cloudflare says it', alert(40), 'has no certificate for this host'],
    ['has no certificate for the host, as Caddy says it', alert(80), 'has no certificate for this host'],
    ['has no certificate for the host', alert(112), 'has no certificate for this host'],
    ['speaks only old TLS', alert(70), 'refuses TLS 1.2 and 1.3'],
    ['speaks only HTTP/2', alert(120), 'speaks HTTP/2 only'],
  ])('%s, and the error names the remedy', async (_, answer, remedy) => {
    server = createPlainServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(answer)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fault: unknown = await post().catch((error: unknown) => error);
    expect(describeConnectionFault(fault)).toContain(remedy);
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
