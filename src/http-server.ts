import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module';
import { requireApiKey } from './auth/api-key.hook';
import { problem } from './common/http/problem';
import { ProblemFilter } from './common/http/problem.filter';
import { acceptRawBodies } from './common/http/raw-body';
import { validationPipe } from './common/http/validation';
import { measureRequests } from './common/metrics/measure-requests';
import { Metrics } from './common/metrics/metrics';
import type { Settings } from './config/settings';
import { Draining } from './common/draining.service';
import { serveDocumentation } from './openapi';

/** The largest body that is read: Pub/Sub's pushes are far smaller, and so is everything of the API. */
const BODY_LIMIT = 1024 * 1024;

/** Builds the application: everything that a request meets before a controller. It does not listen yet. */
export async function buildApplication(
  settings: Settings,
  logger: LoggerService,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    // Requests under way at SIGTERM are answered; idle keep-alive connections are closed at once.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    // What the router itself refuses, such as a path that cannot be decoded, meets no filter of Nest's.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const answer = problem('malformed_path', error.message, String(request.id));
      void reply.status(400).type('application/problem+json').send(answer);
    },
  });
  requireApiKey(adapter.getInstance(), settings.secrets.apiKey);
  acceptRawBodies(adapter.getInstance(), '/webhooks/gmail');
  const application = await NestFactory.create<NestFastifyApplication>(AppModule.of(settings), adapter, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  measureRequests(adapter.getInstance(), application.get(Metrics, { strict: false }));
  const draining = application.get(Draining, { strict: false });
  adapter.getInstance().addHook('onSend', async (_, reply) => {
    if (draining.active) void reply.header('connection', 'close');
  });
  application.useGlobalPipes(validationPipe);
  application.useGlobalFilters(new ProblemFilter());
  serveDocumentation(application);
  return application;
}
