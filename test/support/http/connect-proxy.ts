import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A proxy that knows CONNECT and nothing else. Wherever a client wants to go, it leads to one place. */
export class ConnectProxy {
  /** The first line of each request, and its `proxy-authorization`. */
  readonly requests: { line: string; authorization: string | undefined }[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param target the port of this machine that all tunnels lead to; 0 refuses them */
  constructor(target: number) {
    this.server = createServer((socket) => {
      this.keep(socket);
      let head = '';
      const onData = (bytes: Buffer) => {
        head += bytes.toString('latin1');
        if (!head.includes('\r\n\r\n')) return;
        socket.off('data', onData);
        const authorization = /^proxy-authorization: *(.*)$/im.exec(head)?.[1]?.trim();
        this.requests.push({ line: head.slice(0, head.indexOf('\r\n')), authorization });
        if (target === 0) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
        const tunnel = this.keep(connect(target, '127.0.0.1'));
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(tunnel).pipe(socket);
      };
      socket.on('data', onData);
    });
  }

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
  }
}
