import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problem } from './problem';

const CODE_OF_ERROR: Record<string, readonly [code: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The path and the headers are more than 16 KiB together.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time.'],
};
const MALFORMED = ['malformed_request', 'This is not HTTP.'] as const;

/** Answers what never became a request, so that no framework has seen it; then the connection is over. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const [code, detail] = CODE_OF_ERROR[error.code ?? ''] ?? MALFORMED;
    const answer = problem(code, detail, randomUUID());
    const body = JSON.stringify(answer);
    const head = [
      `HTTP/1.1 ${answer.status} ${answer.title}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
