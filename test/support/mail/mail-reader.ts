import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { API_KEY } from '../test-app';

const headers = { authorization: `Bearer ${API_KEY}` };

/** Reads a mailbox's mail through the API, as its bytes and headers are. */
export class MailReader {
  constructor(
    private readonly origin: string,
    private readonly mailboxId: string,
  ) {}

  /** The answer with its body: JSON, or bytes where it is none. */
  async read(path: string): Promise<{ status: number; headers: Headers; body: any }> {
    const answer = await fetch(this.url(path), { headers });
    const type = answer.headers.get('content-type') ?? '';
    const body = type.includes('json') ? await answer.json() : Buffer.from(await answer.arrayBuffer());
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
