import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { StaleConnectionError } from '../delivery.errors';
import { type Destination, firstConnection } from './first-connection';
import { readBeginning } from './response-beginning';
import { ResponseHead } from './response-head';

/** Of all headers of a response together, in bytes. Node.js allows 16 KB, and sloppy receivers send more. */
const MAX_HEADER_SIZE = 256 * 1024;

/** How long a receiver that has answered may take to read the rest of the request, in milliseconds. */
const READ_ON_MS = 15_000;

/** What a receiver answered. */
export interface ReceiverResponse {
  status: number;
  /** The first kilobyte of its body, as text. */
  beginning: string;
  retryAfter: string | undefined;
  /** What its clock said. */
  date?: string | undefined;
}

export interface ReceiverRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
  lookup: LookupFunction;
  /** Ends it, with its reason as the error. */
  signal: AbortSignal;
}

type Options = http.RequestOptions & Pick<Destination, 'endedBy'>;
type WhenThere = (error: Error | null, socket?: Duplex) => void;

class HttpAgent extends http.Agent {
  override createConnection(options: http.ClientRequestArgs, whenThere: WhenThere): undefined {
    void firstConnection(options as Destination).then((socket) => whenThere(null, socket), whenThere);
  }
}

class HttpsAgent extends https.Agent {
  override createConnection(options: https.RequestOptions, whenThere: WhenThere): undefined {
    void firstConnection(options as Destination)
      .then((socket) =>
        super.createConnection({
          ...options,
          servername: withoutDot(options),
          socket,
        } as https.RequestOptions)!,
      )
      .then((socket) => whenThere(null, socket), whenThere);
  }
}

/** A name that ends with a dot is complete in DNS, and none in TLS: https://www.rfc-editor.org/rfc/rfc6066#section-3 */
function withoutDot({ servername }: https.RequestOptions): string | undefined {
  return servername?.replace(/\.$/, '');
}

/** Connections to receivers, by scheme. */
export class Connections {
  private readonly http: http.Agent;
  private readonly https: https.Agent;

  /** No limit for each host: endpoints may share one, and those that hang must not hold up the others. */
  constructor(options: http.AgentOptions) {
    this.http = new HttpAgent(options);
    this.https = new HttpsAgent(options);
  }

  begin(url: URL, options: Options): http.ClientRequest {
    return url.protocol === 'https:'
      ? https.request(url, { ...options, agent: this.https })
      : http.request(url, { ...options, agent: this.http });
  }

  destroy(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

/**
 * One POST. The status line and the headers are the answer: what follows them may be cut short, contradict its length or
 * never end, and a header that is no header takes nothing from the status line. Interim responses (1xx) are passed over, asked for or not. The parser is lenient, because what the receiver
 * says of itself does no harm: a connection whose answer was not clean is not used again.
 *
 * @throws StaleConnectionError when a kept-alive connection ended before the first byte of an answer, or with 408 for being idle
 */
export function exchange(connections: Connections, request: ReceiverRequest): Promise<ReceiverResponse> {
  const { url, headers, body, lookup, signal } = request;
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, lookup, signal, endedBy: signal };
    const sent = connections.begin(url, {
      ...options,
      insecureHTTPParser: true,
      maxHeaderSize: MAX_HEADER_SIZE,
    });
    const head = new ResponseHead(sent, MAX_HEADER_SIZE);
    let readBefore = 0;
    sent.on('socket', ({ bytesRead }) => (readBefore = bytesRead));
    sent.on('response', (response) => {
      endUnread(sent);
      if (!saysTimeOfIdling(sent, response)) return resolve(toResponse(response));
      response.destroy();
      reject(new StaleConnectionError(new Error('408 on a kept-alive connection')));
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode!, beginning: '', retryAfter: undefined });
    });
    // After the response this comes too late to change anything.
    sent.on('error', (error) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const response = head.statusDespite(error);
      if (response) return resolve({ ...response, beginning: '' });
      const isStale = sent.reusedSocket && sent.socket?.bytesRead === readBefore;
      reject(isStale ? new StaleConnectionError(error) : error);
    });
    sent.end(body);
  });
}

/**
 * Some servers and proxies say 408 before they close a connection that was idle for too long. It crosses the request on its
 * way, and is no answer to it. https://www.rfc-editor.org/rfc/rfc9110#name-408-request-timeout
 */
function saysTimeOfIdling(sent: http.ClientRequest, { statusCode, headers }: http.IncomingMessage): boolean {
  return sent.reusedSocket && statusCode === 408 && headers.connection?.toLowerCase() === 'close';
}

/** Nothing else would ever close the connection of a receiver that has answered, and reads no further. */
function endUnread(sent: http.ClientRequest): void {
  if (sent.writableFinished) return;
  const timer = setTimeout(() => sent.destroy(), READ_ON_MS).unref();
  const end = () => clearTimeout(timer);
  sent.once('finish', end).once('close', end);
}

async function toResponse(response: http.IncomingMessage): Promise<ReceiverResponse> {
  const beginning = await readBeginning(response);
  const { 'retry-after': retryAfter, date } = response.headers;
  return { status: response.statusCode!, beginning, retryAfter, date };
}
