import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InboxwireError } from '../common/inboxwire.error';
import { HeadersTooLargeError, RequestTimeoutError } from './http.errors';
import { problem } from './problem';

/** One line for each refusal that no filter of Nest's sees, as for those that it sees. */
const logger = new Logger('ClientError');

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
    const { requestId, status } = answer;
    logger.debug({ requestId, status, code }, 'request refused');
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

/** Answers what the router itself refuses, such as a path that cannot be decoded. */
export function refusePath(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const answer = problem('malformed_path', error.message, String(request.id));
  const { requestId, status, code } = answer;
  logger.debug({ requestId, method: request.method, status, code }, 'request refused');
  void reply.status(status).type('application/problem+json').send(answer);
}
