import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Event, Problem } from '../api-types';

export interface StreamOptions {
  /** The API key; an empty one is not sent. */
  key: string;
  lastEventId?: string;
  query?: Record<string, string>;
}

/** One connection to the stream, read as an EventSource does (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class StreamClient {
  readonly events: Event[] = [];
  readonly comments: string[] = [];
  /** What an EventSource would send as `Last-Event-ID` when it connects again. */
  lastEventId: string | undefined;
  retry: number | undefined;
  /** Every byte so far, as text. */
  raw = '';
  /** How the connection ended; undefined while it lives. */
  endedBy: 'end' | 'break' | undefined;
  private rest = '';

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
    lastEventId: string | undefined,
  ) {
    this.lastEventId = lastEventId;
  }

  /** Resolves when the answer has begun. Anything but 200 fails with its status and problem: see `refusal`. */
  static async open(origin: string, options: StreamOptions): Promise<StreamClient> {
    const { request, response } = await ask(origin, options);
    if (response.statusCode !== 200)
      throw new Error(`the stream answered ${response.statusCode}: ${await text(response)}`);
    const client = new StreamClient(request, response, options.lastEventId);
    request.on('error', () => (client.endedBy ??= 'break'));
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => client.read(chunk));
    response.on('end', () => (client.endedBy ??= 'end'));
    response.on('error', () => (client.endedBy ??= 'break'));
    return client;
  }

  /** The status and the problem of an answer that is no stream. */
  static async refusal(
    origin: string,
    options: StreamOptions,
  ): Promise<{ status: number; problem: Problem }> {
    const { response } = await ask(origin, options);
    if (response.statusCode === 200) response.destroy();
    return { status: response.statusCode!, problem: JSON.parse(await text(response)) as Problem };
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  /** Stops taking bytes from the socket. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.endedBy ??= 'break';
    this.request.destroy();
  }

  private read(chunk: string): void {
    this.raw += chunk;
    const blocks = (this.rest + chunk).split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) this.take(block);
  }

  private take(block: string): void {
    const data: string[] = [];
    for (const line of block.split('\n')) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line)!;
      if (field === '') this.comments.push(value!);
      else if (field === 'id') this.lastEventId = value;
      else if (field === 'retry') this.retry = Number(value);
      else if (field === 'data') data.push(value!);
      else throw new Error(`a field that the stream does not have: ${line}`);
    }
    if (data.length > 0) this.events.push(JSON.parse(data.join('\n')) as Event);
  }
}

async function ask(
  origin: string,
  { key, lastEventId, query = {} }: StreamOptions,
): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const headers = {
    accept: 'text/event-stream',
    ...(key && { authorization: `Bearer ${key}` }),
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  return new Promise((resolve, reject) => {
    const url = `${origin}/v1/events/stream?${new URLSearchParams(query).toString()}`;
    const request = get(url, { headers, agent: false }, (response) => resolve({ request, response }));
    request.on('error', reject);
  });
}
