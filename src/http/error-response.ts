import { HttpException } from '@nestjs/common';
import { isConnectionError } from '../common/connection-error';
import type { ErrorCode } from '../common/error-codes';
import { describeError } from '../common/describe-error';
import { InboxwireError, InvalidValueError } from '../common/inboxwire.error';
import { type Problem, problem } from './problem';
import {
  MethodNotAllowedError,
  RequestAbortedError,
  UnavailableError,
  ValidationFailedError,
} from './http.errors';

/** What an error is answered with. */
export interface ErrorResponse {
  problem: Problem;
  headers: { 'Retry-After'?: string; 'WWW-Authenticate'?: string; Allow?: string };
}

/** The part of a request that an answer may name. */
interface RequestLine {
  method: string;
  url: string;
  /** Node's own, with what has ended it. */
  raw?: { errored?: Error | null };
}

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'malformed_body',
  404: 'not_found',
  405: 'method_not_allowed',
  415: 'unsupported_media_type',
};

/** Conflicts that are over in a moment. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['busy', 'idempotency_key_in_use']);

/** The one place that knows what an error becomes: the filter answers with it, and the description of the API takes its examples from it. */
export function toErrorResponse(error: unknown, requestId: string, request: RequestLine): ErrorResponse {
  const made = toProblem(error, requestId, request);
  const passing = made.status === 503 || PASSING.has(made.code);
  const wait = retryAfter(error) ?? (passing ? 1 : undefined);
  return {
    problem: made,
    headers: {
      // Without it no 401 is complete: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2
      ...(made.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(wait !== undefined && { 'Retry-After': String(wait) }),
      ...(error instanceof MethodNotAllowedError && { Allow: error.allowed.join(', ') }),
    },
  };
}

function toProblem(error: unknown, requestId: string, request: RequestLine): Problem {
  if (error instanceof ValidationFailedError)
    return problem(error.code, error.message, requestId, error.errors);
  if (error instanceof InvalidValueError)
    return problem(error.code, error.message, requestId, [{ path: error.path, message: error.message }]);
  if (error instanceof InboxwireError)
    return { ...problem(error.code, error.message, requestId), ...error.members };
  // It looks like a connection to the database that broke, and would be reported as an outage.
  if (error !== undefined && request.raw?.errored === error)
    return toProblem(new RequestAbortedError(), requestId, request);
  if (isConnectionError(error)) return toProblem(new UnavailableError(error), requestId, request);
  const status = statusOf(error);
  // 403 is what paths are answered that lead out of the files of the API page.
  if (status === 404 || status === 403)
    return problem('not_found', nothingAt(request.method, request.url.split('?')[0]!), requestId);
  if (status === 413) return problem('payload_too_large', 'Bodies are at most 1 MiB.', requestId);
  return problem(CODE_OF_STATUS[status] ?? otherCode(status), describeError(error), requestId);
}

/** A base address that ends with a slash, or a habit of other frameworks, gives paths that look right. */
function nothingAt(method: string, path: string): string {
  const hint = /.\/$|\/\//.test(path) ? ' No path here ends with a slash, or has two in a row.' : '';
  return `There is nothing at ${method} ${path}.${hint}`;
}

/** What frameworks refuse for the client's sake, such as a range of a file that it has not, is no fault of this side. */
function otherCode(status: number): ErrorCode {
  return status >= 400 && status < 500 ? 'malformed_request' : 'internal_error';
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
