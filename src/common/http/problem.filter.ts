import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionError } from '../connection-error';
import { describeError } from '../describe-error';
import { InboxwireError, InvalidValueError } from '../inboxwire.error';
import { RepeatedLine } from '../repeated-line';
import { ApiKeyRequiredError } from './api-key-required.error';
import { type Problem, problem } from './problem';
import { ValidationFailedError } from './validation';

const CODE_OF_STATUS: Record<number, string> = {
  400: 'malformed_body',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Conflicts that are over in a moment. */
const PASSING: ReadonlySet<string> = new Set(['busy', 'idempotency_key_in_use']);

/** The one place where errors become answers: problem+json, and a line in the log for those that are our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  /** Every request meets an outage, and one line is enough to know of it. */
  private readonly unavailable = new RepeatedLine((detail, count) =>
    this.logger.warn({ detail, count }, 'more requests were answered 503'),
  );

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const answer = toProblem(error, String(request.id), request);
    this.tell(answer, error);
    if (error instanceof ApiKeyRequiredError) void reply.header('www-authenticate', 'Bearer');
    const passing = answer.status === 503 || PASSING.has(answer.code);
    const wait = retryAfter(error) ?? (passing ? 1 : undefined);
    if (wait !== undefined) void reply.header('retry-after', String(wait));
    void reply.status(answer.status).type('application/problem+json').send(answer);
  }

  private tell({ status, code, detail, requestId }: Problem, error: unknown): void {
    if (status < 500) return;
    const line = { requestId, code, error: describeError(error) };
    if (status !== 503) this.logger.error(line, 'request failed');
    else if (this.unavailable.isFirst(detail)) this.logger.warn(line, 'requests are answered 503 for now');
  }
}

function toProblem(error: unknown, requestId: string, request: FastifyRequest): Problem {
  if (error instanceof ValidationFailedError)
    return problem(error.code, error.message, requestId, error.errors);
  if (error instanceof InvalidValueError)
    return problem(error.code, error.message, requestId, [{ path: error.path, message: error.message }]);
  if (error instanceof InboxwireError)
    return { ...problem(error.code, error.message, requestId), ...error.members };
  if (isConnectionError(error))
    return problem('unavailable', 'The database is out of reach. Try again in a moment.', requestId);
  const status = statusOf(error);
  if (status === 404)
    return problem(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
      requestId,
    );
  return problem(CODE_OF_STATUS[status] ?? 'internal_error', describeError(error), requestId);
}

/** Whole seconds, as the header has them. */
function retryAfter(error: unknown): number | undefined {
  const retryAt = error instanceof InboxwireError ? error.retryAt : undefined;
  return retryAt && Math.max(1, Math.ceil((retryAt.getTime() - Date.now()) / 1_000));
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  return (error as { statusCode?: number } | undefined)?.statusCode ?? 500;
}
