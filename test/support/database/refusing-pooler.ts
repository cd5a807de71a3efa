import { type AddressInfo, createServer, type Server } from 'node:net';

/** A pooler that lets nobody in: https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class RefusingPooler {
  private constructor(private readonly server: Server) {}

  /** @param code with which each connection is refused, and the sentence beside it */
  static async start(code: string, sentence: string): Promise<RefusingPooler> {
    const fields = `SFATAL\0VFATAL\0C${code}\0M${sentence}\0\0`;
    const refusal = Buffer.alloc(5 + Buffer.byteLength(fields));
    refusal.write('E');
    refusal.writeInt32BE(refusal.length - 1, 1);
    refusal.write(fields, 5);
    const server = createServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(refusal)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new RefusingPooler(server);
  }

  get url(): string {
    return `postgres://postgres:secret@127.0.0.1:${(this.server.address() as AddressInfo).port}/postgres`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
