import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiAccessHook } from './access/api-access.hook';
import { IdempotencyHook } from './access/idempotency/idempotency.hook';
import { AuditHook } from './access/audit.hook';
import { ReadAdmissionHook } from './access/read-admission.hook';
import { ConsoleServer } from './console/server/console-server';
import { AppModule } from './app.module';
import { MCP_ROUTE } from './common/mcp-route';
import { AllowedMethods } from './http/allowed-methods';
import { refuseConnection, refusePath } from './http/client-error';
import { meantUrl } from './http/meant-url';
import { ProblemFilter } from './http/problem.filter';
import { acceptBodies } from './http/raw-body';
import { UnknownFieldsGuard } from './http/unknown-fields.guard';
import { validationPipe } from './http/validation';
import { measureRequests } from './observability/measure-requests';
import { Metrics } from './observability/metrics';
import type { Settings } from './config/settings';
import { Draining } from './background/draining.service';
import { ApiSchemas } from './mcp/api-schemas';
import { serveDocumentation } from './openapi/document';

/** The largest body that is read: Pub/Sub's pushes are far smaller, and so is everything of the API. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * How long an idle connection is kept (ms). Longer than load balancers keep theirs, or requests meet a connection that closes just
 * then: 600 s for Google's (https://docs.cloud.google.com/load-balancing/docs/https#timeouts_and_retries), 60 s for AWS's.
 */
const KEEP_ALIVE_TIMEOUT_MS = 610_000;

/** How long a request may take to arrive (ms): a connection that never finishes its request must not stay for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often it is looked for such connections (ms). */
const CONNECTION_CHECK_INTERVAL_MS = 5_000;

/** Builds the application: everything that a request meets before a controller. It does not listen yet. */
export async function buildApplication(
  settings: Settings,
  logger: LoggerService,
): Promise<NestFastifyApplication> {
  const adapter = newAdapter();
  acceptBodies(adapter.getInstance(), {
    raw: '/webhooks/gmail',
    anyJson: MCP_ROUTE,
    unread: '/connect/:token',
  });
  const application = await NestFactory.create<NestFastifyApplication>(AppModule.of(settings), adapter, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  const methods = new AllowedMethods();
  methods.attach(adapter.getInstance());
  measureRequests(adapter.getInstance(), application.get(Metrics, { strict: false }));
  await application.get(ApiAccessHook, { strict: false }).guard(adapter.getInstance());
  application.get(ReadAdmissionHook, { strict: false }).attach(adapter.getInstance());
  application.get(IdempotencyHook, { strict: false }).attach(adapter.getInstance());
  application.get(AuditHook, { strict: false }).attach(adapter.getInstance());
  const draining = application.get(Draining, { strict: false });
  adapter.getInstance().addHook('onSend', async (_, reply) => {
    if (draining.active) void reply.header('connection', 'close');
  });
  await application.get(ConsoleServer, { strict: false }).attach(adapter.getInstance());
  application.useGlobalGuards(new UnknownFieldsGuard());
  application.useGlobalPipes(validationPipe);
  application.useGlobalFilters(new ProblemFilter(methods));
  const describe = serveDocumentation(application);
  application.get(ApiSchemas, { strict: false }).madeBy(() => describe().components?.schemas ?? {});
  return application;
}

function newAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { connectionsCheckingInterval: CONNECTION_CHECK_INTERVAL_MS },
    clientErrorHandler: refuseConnection,
    genReqId: () => randomUUID(),
    // Requests under way at SIGTERM are answered; idle keep-alive connections are closed at once.
    forceCloseConnections: 'idle',
    // Gmail's ids of attachments are long, and nowhere is it said how long.
    routerOptions: { maxParamLength: 2_000 },
    frameworkErrors: refusePath,
    rewriteUrl: meantUrl,
  });
}
