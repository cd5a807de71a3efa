import { connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** For localhost, signed by itself, and good until 2126: of use to nobody else. */
export const SELF_SIGNED_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUbYl5GzXhgfUdXcf47lZe0nrHR8IwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTE1NDMyM1oYDzIxMjYxMTA1
MTU0MzIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASR4nZ2r4M/PAogeXHcU1md3gu+gG++EcSTCXEbM9TeDgrMqM33MyyV
Twbxes9L36H5lHqkhGQ15Z6+Lz6JTNOLo2kwZzAdBgNVHQ4EFgQUjJC+kFSHHAUt
nq8pCLDVJSQJP0swHwYDVR0jBBgwFoAUjJC+kFSHHAUtnq8pCLDVJSQJP0swDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgNcx847m52lWaYjO9r7IX/xu+VzJN+/c+JweToId6zTQCIQCMtSGhMxgV
o8GVS/vM+gMjDOP498jKD4o2RxKFLqUtLQ==
-----END CERTIFICATE-----
`;
export const SELF_SIGNED_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgv7nJIknwfapTWR/3
8HF6Ufhy/BRnl9MEcNny6jduacShRANCAASR4nZ2r4M/PAogeXHcU1md3gu+gG++
EcSTCXEbM9TeDgrMqM33MyyVTwbxes9L36H5lHqkhGQ15Z6+Lz6JTNOL
-----END PRIVATE KEY-----
`;

/** What a client of PostgreSQL sends to ask for TLS: its length, and a number that is no version. */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/** Puts TLS with a self-signed certificate in front of a PostgreSQL that has none. */
export class TlsProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((incoming) => this.accept(incoming));

  private constructor(private readonly target: { host: string; port: number }) {}

  static async to(host: string, port: number): Promise<TlsProxy> {
    const proxy = new TlsProxy({ host, port });
    await new Promise<void>((ready) => proxy.server.listen(0, '127.0.0.1', ready));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(incoming: Socket): void {
    this.track(incoming);
    incoming.once('data', (first: Buffer) => {
      if (!first.equals(SSL_REQUEST)) return incoming.destroy();
      incoming.write('S');
      const secureContext = createSecureContext({ key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERTIFICATE });
      const secure = this.track(new TLSSocket(incoming, { isServer: true, secureContext }));
      const outgoing = this.track(connect(this.target));
      secure.pipe(outgoing).pipe(secure);
    });
  }

  private track<T extends Socket>(socket: T): T {
    this.sockets.add(socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket)));
    return socket;
  }
}
