import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ConnectionDropped, json, type HttpResponse, type HttpHandler, type HttpRequest } from './exchange';

/** The one origin that all of Google's hosts are replaced by. Loopback only. */
export class HttpFront {
  /** Requests whose answer the client did not wait for, or not until its end. */
  givenUp = 0;
  private readonly server: Server;

  constructor(handler: HttpHandler) {
    this.server = createServer((incoming, response) => {
      response.once('close', () => (this.givenUp += response.writableFinished ? 0 : 1));
      void answer(incoming, response, handler);
    });
    this.server.keepAliveTimeout = 30_000;
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  handler: HttpHandler,
): Promise<void> {
  try {
    const request = await read(incoming);
    write(response, request, await handler(request));
  } catch (error) {
    if (error instanceof ConnectionDropped || response.headersSent || response.destroyed) response.destroy();
    else
      write(response, null, json(500, { error: { code: 500, message: String(error), status: 'INTERNAL' } }));
  }
}

async function read(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://local');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function write(response: ServerResponse, request: HttpRequest | null, given: HttpResponse): void {
  const headers = { ...given.headers, date: new Date().toUTCString(), vary: 'Origin, X-Origin, Referer' };
  const plain = Buffer.from(given.body ?? '', 'utf8');
  const zipped = plain.length > 0 && request !== null && wantsGzip(request);
  const body = zipped ? gzipSync(plain, { level: 1 }) : plain;
  const encoding: Record<string, string> = zipped ? { 'content-encoding': 'gzip' } : {};
  response.writeHead(given.status, { ...headers, ...encoding, 'content-length': String(body.length) });
  response.end(body);
}

/**
 * Google zips only when the user agent says "gzip" too:
 * https://developers.google.com/workspace/gmail/api/guides/performance#gzip
 */
function wantsGzip(request: HttpRequest): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '');
  return accepted.includes('gzip') && String(request.headers['user-agent'] ?? '').includes('gzip');
}
