import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedPush {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A push endpoint for the specs: keeps what it got and answers as configured. */
export class PushReceiver {
  readonly received: ReceivedPush[] = [];
  /** The status of each answer; null leaves the push unanswered. */
  answer: (push: ReceivedPush) => number | null = () => 204;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<PushReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const push = { headers: request.headers, body: Buffer.concat(chunks).toString() };
        receiver.received.push(push);
        const status = receiver.answer(push);
        if (status === 102) response.writeProcessing();
        else if (status !== null) response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new PushReceiver(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`,
      server,
    );
    return receiver;
  }

  /** The decoded data of the wrapped pushes, in order of arrival. */
  data(): string[] {
    return this.received.map(({ body }) => {
      const { message } = JSON.parse(body) as { message: { data: string } };
      return Buffer.from(message.data, 'base64').toString();
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
