import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A receiver that answers with bytes, whether they are HTTP or not. */
export class RawReceiver {
  /** The bodies that came, in their order. */
  readonly received: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** @param answer called when a request has come whole; how many had come on its connection before */
  static async start(answer: (socket: Socket, before: number) => void): Promise<RawReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new RawReceiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (socket) => receiver.serve(socket, answer));
    return receiver;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket, answer: (socket: Socket, before: number) => void): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    let text = '';
    let requests = 0;
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const [head, body] = text.split('\r\n\r\n', 2);
      const length = Number(/content-length: (\d+)/i.exec(head!)?.[1] ?? 0);
      if (body === undefined || Buffer.byteLength(body) < length) return;
      text = '';
      this.received.push(body);
      answer(socket, requests++);
    });
  }
}
