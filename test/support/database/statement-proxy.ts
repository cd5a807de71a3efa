import { connect, createServer, type Server, type Socket } from 'node:net';

/** When a statement is met: PostgreSQL has not seen it, or has done all that it asks and nobody has the result. */
export type Moment = 'before' | 'after';

const LENGTH_BYTES = 4;
const TYPE_BYTES = 1;

/**
 * A way to PostgreSQL that reads the statements that pass (the protocol's messages Parse, Bind and Query), and can stop at
 * one of them: what follows on that connection then goes nowhere, in either direction.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class StatementProxy {
  /** The texts that passed, in their order. */
  readonly passed: string[] = [];
  /** The same for each connection. */
  readonly byConnection: string[][] = [];
  port = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private stop: { text: string; moment: Moment; reached: () => void } | undefined;

  private constructor(private readonly target: { host: string; port: number }) {}

  static async to(databaseUrl: string): Promise<StatementProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const proxy = new StatementProxy({ host: hostname, port: Number(port) });
    const server = createServer((incoming) => proxy.forward(incoming));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    proxy.server = server;
    proxy.port = (server.address() as { port: number }).port;
    return proxy;
  }

  /** Stops at the next statement with this text. @returns resolves when it is met */
  stopAt(text: string, moment: Moment): Promise<void> {
    return new Promise((reached) => {
      this.stop = { text, moment, reached };
    });
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server!.close(done));
  }

  private forward(incoming: Socket): void {
    const outgoing = connect(this.target);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => (this.sockets.delete(socket), other.destroy()));
    }
    const reader = new StatementReader();
    const passedHere: string[] = [];
    this.byConnection.push(passedHere);
    let stopped = false;
    let withheld: (() => void) | undefined;
    incoming.on('data', (bytes) => {
      if (stopped) return;
      const texts = reader.read(bytes);
      const stop = texts.some((text) => text === this.stop?.text) ? this.stop : undefined;
      this.passed.push(...texts);
      passedHere.push(...texts);
      if (!stop) return void outgoing.write(bytes);
      this.stop = undefined;
      stopped = true;
      if (stop.moment === 'before') return stop.reached();
      withheld = stop.reached;
      outgoing.write(bytes);
    });
    outgoing.on('data', (bytes) => {
      if (!stopped) incoming.write(bytes);
      // ReadyForQuery ends each answer: what was asked for is done.
      else if (bytes.at(-6) === 'Z'.charCodeAt(0)) withheld?.();
    });
  }
}

/** Reads the texts of the statements that a client runs from what it sends. */
class StatementReader {
  private readonly prepared = new Map<string, string>();
  private rest: Buffer = Buffer.alloc(0);
  private hasBegun = false;

  read(bytes: Buffer): string[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const texts: string[] = [];
    for (;;) {
      // The first message has no type.
      const head = this.hasBegun ? TYPE_BYTES : 0;
      if (this.rest.length < head + LENGTH_BYTES) return texts;
      const end = head + this.rest.readInt32BE(head);
      if (this.rest.length < end) return texts;
      const type = this.hasBegun ? String.fromCharCode(this.rest[0]!) : '';
      const text = this.textOf(type, this.rest.subarray(head + LENGTH_BYTES, end));
      if (text !== undefined) texts.push(text);
      this.rest = this.rest.subarray(end);
      this.hasBegun = true;
    }
  }

  private textOf(type: string, payload: Buffer): string | undefined {
    const [first = '', second = ''] = payload.toString('latin1').split('\0', 2);
    if (type === 'P') this.prepared.set(first, second);
    if (type === 'B') return this.prepared.get(second);
    return type === 'Q' ? first : undefined;
  }
}
