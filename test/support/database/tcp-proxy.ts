import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A cable that can be pulled: connections through it break and are refused until it is put back. It can also swallow what
 * is sent, as when the machine at its end has gone away without a word.
 */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private swallowing = false;
  port = 0;
  /** Milliseconds that whatever is sent takes on its way, in each direction. */
  latency = 0;
  /** After how many bytes of what the target sends a new connection breaks, asked for each; undefined: never. */
  breakAfter: (() => number) | undefined;

  private constructor(private readonly target: { host: string; port: number }) {}

  static async to(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy({ host, port });
    await proxy.restore();
    return proxy;
  }

  async restore(): Promise<void> {
    this.server = createServer((incoming) => this.forward(incoming));
    await new Promise<void>((ready) => this.server!.listen(this.port, '127.0.0.1', ready));
    this.port = (this.server.address() as { port: number }).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server!.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Connections stay, and new ones are accepted; nothing ever comes through them. */
  swallow(): void {
    this.swallowing = true;
    for (const socket of this.sockets) socket.removeAllListeners('data').pause();
  }

  /** New connections work again; those from before stay as they are. */
  spare(): void {
    this.swallowing = false;
  }

  private forward(incoming: Socket): void {
    if (this.swallowing) {
      this.sockets.add(
        incoming.on('error', () => undefined).on('close', () => this.sockets.delete(incoming)),
      );
      return;
    }
    const outgoing = connect(this.target);
    this.join(incoming, outgoing);
    this.join(outgoing, incoming);
    if (this.breakAfter) breakAfter(this.breakAfter(), outgoing, incoming);
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('error', () => undefined).on('close', () => (this.sockets.delete(from), to.destroy()));
    from.on('end', () => to.end()).on('data', (bytes) => this.send(bytes, to));
  }

  private send(bytes: Buffer, to: Socket): void {
    if (this.latency === 0) to.write(bytes);
    else setTimeout(() => to.destroyed || to.write(bytes), this.latency);
  }
}

/** Instead of what would go beyond so many bytes, the end comes. */
function breakAfter(bytes: number, from: Socket, to: Socket): void {
  let left = bytes;
  from.removeAllListeners('data').on('data', (chunk) => {
    if (chunk.length <= left) to.write(chunk);
    else to.write(chunk.subarray(0, left), () => to.destroy());
    left = Math.max(0, left - chunk.length);
  });
}
