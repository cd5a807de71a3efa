import { Injectable, Logger } from '@nestjs/common';
import { MCP_ROUTE } from '../common/mcp-route';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** One line in the log for each change that was made through the API: by which key, what, and to what. */
@Injectable()
export class AuditHook {
  private readonly logger = new Logger(AuditHook.name);

  /** Call before there are routes: hooks apply to those that come after them. */
  attach(server: FastifyInstance): void {
    server.addHook('onResponse', (request, reply, done) => {
      this.record(request, reply);
      done();
    });
  }

  private record(request: FastifyRequest, reply: FastifyReply): void {
    const { caller, method, id: requestId, params } = request;
    if (caller === null || READING.has(method) || reply.statusCode >= 400) return;
    // What was done before, and is only answered again, has its line.
    if (reply.hasHeader('idempotency-replayed')) return;
    const route = request.routeOptions.url;
    // Its tools record what they change.
    if (route === MCP_ROUTE) return;
    this.logger.log(
      { requestId, keyId: caller.id, method, route, ...(params as object), status: reply.statusCode },
      'changed through the API',
    );
  }
}
