import { PinoLogger } from '../../src/observability/pino.logger';
import { validateEnvironment } from '../../src/config/validate-environment';
import { type Service, startService } from '../../src/service';
import type { LocalGoogle } from '../../src/local-google/local-google';
import { ApiClient } from './api-client';
import type { Mailbox } from './api-types';
import { nothingIsBuilt } from './sync/background';
import { connectMailbox } from './connection/connect-mailbox';
import { createTestDatabase, type TestDatabase } from './database/database';
import { expectDescribedResponse } from './openapi/described-responses';
import { eventually } from './eventually';
import {
  API_KEY,
  FEW_CONNECTIONS,
  localSettings,
  PUSH,
  pushTo,
  SECRETS,
  startLocalGoogle,
} from './program/local-setup';
import { freePort } from './free-port';

export { API_KEY, PUSH };

export interface TestApp {
  google: LocalGoogle;
  /** The push subscription that points at the service. */
  pushes: ReturnType<LocalGoogle['pushTo']>;
  database: TestDatabase;
  /** Fails also when an answer is not what the description says. */
  api: ApiClient;
  service: Service;
  environment: Record<string, string>;
  /** Every line that the service has logged. */
  logs: string[];
  /** Another process on the same database, in this process: a replica. */
  replica(): Promise<Service>;
  /** Connects a mailbox through the consent of the local Google, as its owner would, and returns the mailbox. */
  connect(emailAddress: string, session?: Record<string, unknown>): Promise<Mailbox>;
  close(): Promise<void>;
}

type Settings = Record<string, string>;

/** Its ids are the same in each run: a test's database is new. */
export const startGoogle = () => startLocalGoogle(1);

/** The settings of a service on this port. */
export function environmentOf(google: LocalGoogle, database: TestDatabase, port: number) {
  return { ...localSettings(google, port), ...SECRETS, ...FEW_CONNECTIONS, DATABASE_URL: database.url };
}

/** Pushes come again at once, so that tests of refused ones need not wait. */
export const pushToTest = (google: LocalGoogle, origin: string, publicUrl = origin) =>
  pushTo(google, origin, { audience: `${publicUrl}/webhooks/gmail`, backoff: { minMs: 20, maxMs: 200 } });

/**
 * The whole program over HTTP, with real PostgreSQL and the local Google, pushes included: for what begins with a mailbox
 * that is connected. `TestReplica` is for events that are simply there.
 *
 * @param settings or what makes them of the database's URL
 * @param given a local Google that runs already
 */
export async function createTestApp(
  settings: Settings | ((databaseUrl: string) => Promise<Settings>) = {},
  given?: LocalGoogle,
): Promise<TestApp> {
  const starting = given ?? startGoogle();
  const [google, database, port] = await Promise.all([starting, createTestDatabase(), freePort()]);
  const environment = {
    ...environmentOf(google, database, port),
    ...(typeof settings === 'function' ? await settings(database.url) : settings),
  };
  const logs: string[] = [];
  const logger = () => new PinoLogger('debug', { write: (line) => void logs.push(line) });
  const start = (own: Record<string, string> = {}) =>
    startService(validateEnvironment({ ...environment, ...own }), undefined, logger());
  const service = await start();
  const api = new ApiClient(service.address, API_KEY, expectDescribedResponse);
  const pushes = pushToTest(google, service.address, environment.PUBLIC_URL);
  const replicas: Service[] = [];
  return {
    google,
    pushes,
    database,
    api,
    service,
    environment,
    logs,
    replica: async () => {
      const replica = await start({ PORT: '0' });
      replicas.push(replica);
      return replica;
    },
    connect: async (emailAddress, session = {}) => {
      if (!google.accounts().includes(emailAddress)) google.addAccount(emailAddress);
      const mailbox = await connectMailbox(google, api, emailAddress, session);
      // Tests count calls: those of the background are over by then, unless Google is made to fail.
      await eventually(() => nothingIsBuilt(database, mailbox.id), { timeout: 2_000 }).catch(() => undefined);
      return mailbox;
    },
    close: async () => {
      await google.stop();
      await Promise.all([service, ...replicas].map((running) => running.stop()));
      await database.drop();
    },
  };
}
