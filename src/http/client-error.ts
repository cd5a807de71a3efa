import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { InboxwireError } from '../common/inboxwire.error';
import { problem } from './problem';

export class HeadersTooLargeError extends InboxwireError {
  constructor() {
    super('headers_too_large', 'The path and the headers are more than 16 KiB together.');
  }
}

export class RequestTimeoutError extends InboxwireError {
  constructor() {
    super('request_timeout', 'The request did not arrive in time.');
  }
}

function told({ code }: NodeJS.ErrnoException): InboxwireError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError();
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeoutError();
  return new InboxwireError('malformed_request', 'This is not HTTP.');
}

/** Answers what never became a request, so that no framework has seen it; then the connection is over. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const { code, message } = told(error);
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
