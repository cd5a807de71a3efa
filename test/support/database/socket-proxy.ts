import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** The socket of a PostgreSQL in a directory, which leads to one that listens on TCP. */
export class SocketProxy {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(
    private readonly directory: string,
    private readonly target: { host: string; port: number },
  ) {}

  async appear(): Promise<void> {
    this.server = createServer((incoming) => {
      const outgoing = connect(this.target);
      for (const socket of [incoming, outgoing])
        this.sockets.add(socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket)));
      incoming.pipe(outgoing).pipe(incoming);
    });
    await new Promise<void>((ready) => this.server!.listen(this.path, ready));
  }

  async vanish(): Promise<void> {
    const closed = new Promise((done) => this.server!.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    await rm(this.path, { force: true });
  }

  private get path(): string {
    return join(this.directory, '.s.PGSQL.5432');
  }
}
