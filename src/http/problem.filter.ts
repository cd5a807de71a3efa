import { type ArgumentsHost, Catch, type ExceptionFilter, Logger, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../common/describe-error';
import { LogThrottle } from '../observability/log-throttle';
import type { AllowedMethods } from './allowed-methods';
import { toErrorResponse } from './error-response';
import { MethodNotAllowedError } from './http.errors';
import type { Problem } from './problem';

/** The one place where errors become answers: problem+json, and a line in the log, by whose fault it is. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  /** Every request meets an outage, and one line is enough to know of it. */
  private readonly unavailable = new LogThrottle((detail, count) =>
    this.logger.warn({ detail, count }, 'more requests were answered 503'),
  );

  constructor(private readonly methods: AllowedMethods) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = this.whatIsMissing(thrown, request);
    const { problem, headers } = toErrorResponse(error, String(request.id), request);
    this.log(problem, error, request);
    void reply.headers(headers).status(problem.status).type('application/problem+json').send(problem);
  }

  /** Nest knows no route: either there is nothing at this path, or it is there for other methods. */
  private whatIsMissing(error: unknown, { method, url }: FastifyRequest): unknown {
    const allowed = error instanceof NotFoundException ? this.methods.of(url) : [];
    // A route that is there for this method has said itself that it found nothing.
    const isRouted = allowed.includes(method === 'HEAD' ? 'GET' : method);
    return allowed.length > 0 && !isRouted ? new MethodNotAllowedError(method, allowed) : error;
  }

  private log({ status, code, detail, requestId }: Problem, error: unknown, request: FastifyRequest): void {
    if (status < 500) {
      const { method, routeOptions } = request;
      const keyId = request.caller?.id;
      this.logger.debug(
        { requestId, method, route: routeOptions.url, status, code, keyId },
        'request refused',
      );
      return;
    }
    const line = { requestId, code, error: describeError(error) };
    if (status !== 503) this.logger.error(line, 'request failed');
    else if (this.unavailable.isFirst(detail)) this.logger.warn(line, 'requests are answered 503 for now');
  }
}
