import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../common/describe-error';
import { LogThrottle } from '../observability/log-throttle';
import { answerTo } from './error-response';
import type { Problem } from './problem';

/** The one place where errors become answers: problem+json, and a line in the log for those that are our fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  /** Every request meets an outage, and one line is enough to know of it. */
  private readonly unavailable = new LogThrottle((detail, count) =>
    this.logger.warn({ detail, count }, 'more requests were answered 503'),
  );

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, headers } = answerTo(error, String(request.id), request);
    this.tell(problem, error);
    void reply.headers(headers).status(problem.status).type('application/problem+json').send(problem);
  }

  private tell({ status, code, detail, requestId }: Problem, error: unknown): void {
    if (status < 500) return;
    const line = { requestId, code, error: describeError(error) };
    if (status !== 503) this.logger.error(line, 'request failed');
    else if (this.unavailable.isFirst(detail)) this.logger.warn(line, 'requests are answered 503 for now');
  }
}
