import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { InboxwireError } from '../common/inboxwire.error';
import { HeadersTooLargeError, RequestTimeoutError } from './http.errors';
import { problem } from './problem';

function explain({ code }: NodeJS.ErrnoException): InboxwireError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeoutError();
  return new InboxwireError('malformed_request', 'This is not HTTP.');
}

/** Answers what never became a request, so that no framework has seen it; then the connection is over. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const { code, message } = explain(error);
    const answer = problem(code, message, randomUUID());
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
