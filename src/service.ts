import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Server } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isConnectionError } from './common/connection-error';
import { describeError } from './common/describe-error';
import { explainListenError } from './common/listen.error';
import { PinoLogger } from './observability/pino.logger';
import { buildSettings } from './config/build-settings';
import type { EnvironmentVariables } from './config/environment-variables';
import { secretsOf } from './config/secrets-of';
import { generatedSecrets } from './config/generated-secrets';
import type { Settings } from './config/settings';
import { useProxy } from './config/use-proxy';
import { inDataDirectory } from './database/embedded/data-directory';
import { EmbeddedPostgresSupervisor } from './database/embedded/embedded-postgres-supervisor';
import { EmbeddedPostgres } from './database/embedded/embedded-postgres';
import { migrate } from './database/migrate';
import { Draining } from './background/draining.service';
import { buildApplication } from './http-server';

/** For which part of the drain new connections are accepted; the rest is for what comes over them. */
const STILL_LISTENING = 0.7;

/** How often idle connections are closed after the drain, and when all of them are. */
const SWEEP_INTERVAL_MS = 50;
const LAST_RESPONSES_MS = 5_000;

/** A running Inboxwire. */
export interface Service {
  application: NestFastifyApplication;
  settings: Settings;
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  address: string;
  /**
   * Accepts for a while longer, while load balancers are told to go elsewhere; then stops accepting, finishes or returns its work,
   * and stops the embedded database if there is one.
   *
   * @param drain for how many milliseconds it still accepts
   */
  stop(drain?: number): Promise<void>;
}

/**
 * The database first, then its tables, then the application, and only then the port: whoever reaches it finds it ready.
 *
 * @param signal ends the start between its steps, and the wait for a database that is out of reach
 */
export async function startService(
  variables: EnvironmentVariables,
  signal?: AbortSignal,
  logger = new PinoLogger(variables.LOG_LEVEL, undefined, secretsOf(variables)),
): Promise<Service> {
  signal?.throwIfAborted();
  const embedded = await embeddedPostgres(variables);
  let withoutProxy = () => {};
  const supervisor = embedded && EmbeddedPostgresSupervisor.supervise(embedded, logger);
  try {
    const secrets = embedded && (await secretsBeside(variables));
    const settings = buildSettings(variables, {
      databaseUrl: embedded?.url ?? variables.DATABASE_URL!,
      apiKey: variables.API_KEY ?? secrets!.apiKey,
      encryptionKeys: variables.ENCRYPTION_KEYS ?? secrets!.encryptionKeys,
    });
    withoutProxy = useProxy(settings.google);
    await migrateWhenReachable(settings.database.url, logger, signal);
    signal?.throwIfAborted();
    const application = await listen(settings, logger);
    const address = await application.getUrl();
    const keyFile =
      variables.API_KEY === undefined ? { apiKeyFile: resolve(variables.DATA_DIR, 'api-key') } : {};
    logger.log({ address, docs: `${settings.server.publicUrl}/docs`, ...keyFile }, 'listening', 'Service');
    const stop = async (drain = 0) => {
      const drained = application.get(Draining, { strict: false }).begin(drain);
      await Promise.all([application.close(), stopAccepting(application, drain * STILL_LISTENING, drained)]);
      withoutProxy();
      await supervisor?.stop();
      await embedded?.stop();
    };
    return { application, settings, address, stop };
  } catch (error) {
    withoutProxy();
    await supervisor?.stop();
    await embedded?.stop();
    throw error;
  }
}

async function embeddedPostgres({
  DATABASE_URL,
  DATA_DIR,
}: EnvironmentVariables): Promise<EmbeddedPostgres | undefined> {
  if (DATABASE_URL !== undefined) return undefined;
  return inDataDirectory(DATA_DIR, () => EmbeddedPostgres.start(DATA_DIR));
}

function secretsBeside({ DATA_DIR }: EnvironmentVariables): ReturnType<typeof generatedSecrets> {
  return inDataDirectory(DATA_DIR, () => generatedSecrets(DATA_DIR));
}

async function listen(settings: Settings, logger: PinoLogger): Promise<NestFastifyApplication> {
  const { host, port } = settings.server;
  const application = await buildApplication(settings, logger);
  try {
    await application.listen(port, host);
    return application;
  } catch (error) {
    await application.close();
    throw explainListenError(error, { host, port, portName: 'PORT' });
  }
}

/** A database that starts together with the service, or is failing over, is waited for rather than crashed upon. */
async function migrateWhenReachable(url: string, logger: PinoLogger, signal?: AbortSignal): Promise<void> {
  for (let wait = 250; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await migrate(url, { warn: (sentence) => logger.warn(sentence, 'Service'), signal });
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      logger.warn({ error: describeError(error), retryInMs: wait }, 'waiting for the database', 'Service');
      await delay(wait, undefined, { signal });
    }
  }
}

/**
 * Connections that were opened last bring their request a moment later: they are not closed until the end of the drain.
 * That is why it is not `close` of the HTTP server, which closes at once what looks idle; requests under way are answered.
 */
async function stopAccepting(
  application: NestFastifyApplication,
  listenFor: number,
  drained: Promise<void>,
): Promise<void> {
  const server = application.getHttpServer();
  await delay(listenFor);
  Server.prototype.close.call(server);
  await drained;
  // A connection becomes idle with the answer that it was waiting for.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS).unref();
  // One that never brought a request, or whose answer nobody fetches, would be waited for without end.
  const cut = setTimeout(() => server.closeAllConnections(), LAST_RESPONSES_MS).unref();
  server.once('close', () => {
    clearInterval(sweep);
    clearTimeout(cut);
  });
}
