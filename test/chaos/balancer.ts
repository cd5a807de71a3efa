import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The one address that Pub/Sub, browsers and applications know. Each connection goes to the next replica that accepts
 * it; when that replica is killed, its connections break as they would behind any load balancer.
 */
export class Balancer {
  private next = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(targets: readonly number[]): Promise<Balancer> {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const balancer = new Balancer(server, `http://127.0.0.1:${(server.address() as { port: number }).port}`);
    server.on('connection', (incoming) => void balancer.forward(incoming, targets));
    return balancer;
  }

  async stop(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async forward(incoming: Socket, targets: readonly number[]): Promise<void> {
    this.sockets.add(incoming);
    incoming.on('error', () => undefined).on('close', () => this.sockets.delete(incoming));
    const outgoing = await this.open(targets);
    if (outgoing === undefined || incoming.destroyed) {
      incoming.destroy();
      outgoing?.destroy();
      return;
    }
    incoming.on('close', () => outgoing.destroy()).pipe(outgoing);
    // What a replica has answered before it closed its end is still on its way.
    outgoing.on('close', () => incoming.destroySoon()).pipe(incoming);
  }

  private async open(targets: readonly number[]): Promise<Socket | undefined> {
    const first = this.next++;
    for (let i = 0; i < targets.length; i++) {
      const socket = await dial(targets[(first + i) % targets.length]!);
      if (socket) return socket;
    }
    return undefined;
  }
}

function dial(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => resolve(undefined));
  });
}
