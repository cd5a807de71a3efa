import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AnyResponseBody } from '../api-types';
import { API_KEY } from '../test-app';

const headers = { authorization: `Bearer ${API_KEY}` };

/** Reads a mailbox's mail through the API, as its bytes and headers are. */
export class MailReader {
  constructor(
    private readonly origin: string,
    private readonly mailboxId: string,
  ) {}

  /** The answer with its body, where that is JSON. */
  async read<const P extends string>(path: P) {
    const { body: bytes, ...answer } = await this.readBytes(path);
    const isJson = answer.headers.get('content-type')?.includes('json');
    const body: unknown = isJson ? JSON.parse(bytes.toString()) : undefined;
    return { ...answer, body: body as AnyResponseBody<'GET', `/v1/mailboxes/${string}${P}`> };
  }

  /** The answer with its body as it came. */
  async readBytes(path: string): Promise<{ status: number; headers: Headers; body: Buffer }> {
    const answer = await fetch(this.url(path), { headers });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, body };
  }

  /** A request on a connection of its own, to be hung up. */
  request(path: string): ClientRequest {
    return get(this.url(path), { headers, agent: false }).on('error', () => undefined);
  }

  /** The answer with its body unread. */
  async open(path: string): Promise<IncomingMessage> {
    const [answer] = await once(this.request(path), 'response');
    return answer as IncomingMessage;
  }

  private url(path: string): string {
    return `${this.origin}/v1/mailboxes/${this.mailboxId}${path}`;
  }
}
