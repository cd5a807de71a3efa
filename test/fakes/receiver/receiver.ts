import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the receiver got it. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  /** As it came, for the signature. */
  body: string;
  event: {
    id: string;
    type: string;
    origin: string;
    sequence: number;
    mailbox: { id: string };
    data: { messageId?: string; [field: string]: unknown };
  };
  /** Milliseconds since the epoch. */
  at: number;
}

/** What a receiver answers: a status, perhaps with headers, now or when it likes. */
export type ReceiverResponse = number | { status: number; headers?: Record<string, string>; body?: string };
export type Answering = (
  received: Received,
  response: ServerResponse,
) => ReceiverResponse | Promise<ReceiverResponse | 'nothing'>;

/** An operator's application: a real HTTP server that remembers what it got and answers as configured. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers; 204 to begin with. */
  answer: Answering = () => 204;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => void receiver.receive(request, response));
    return receiver;
  }

  /** The sequences that came, in their order; of one mailbox when it is named. */
  sequences(mailboxId?: string): number[] {
    return this.received
      .filter(({ event }) => mailboxId === undefined || event.mailbox.id === mailboxId)
      .map(({ event }) => event.sequence);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const received: Received = {
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body,
      event: JSON.parse(body || '{}') as Received['event'],
      at: Date.now(),
    };
    this.received.push(received);
    const answer = await this.answer(received, response);
    if (answer === 'nothing') return;
    const {
      status,
      headers,
      body: text,
    } = typeof answer === 'number' ? { status: answer } : { body: '', ...answer };
    response.writeHead(status, headers).end(text);
  }
}
