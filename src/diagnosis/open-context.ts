import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataSource } from 'typeorm';
import { describeError } from '../common/describe-error';
import { describeFault, type SettingFault } from '../config/settings.error';
import { dataSourceOptions } from '../database/data-source-options';
import { asUnusable } from '../database/database-unusable.error';
import { runningEmbeddedUrl } from '../database/embedded/running-embedded';
import { installationId } from '../database/installation.store';
import {
  applicationDefaultCredentials,
  NoCredentialsError,
} from '../google-project/application-default-credentials';
import { GoogleApiClient } from '../google-project/google-api.client';
import { readPlan } from '../google-project/plan-settings';
import type { DoctorContext } from './doctor-context';
import { ServiceClient } from './service.client';
import { settingFaults } from './setting-faults';

type Environment = Record<string, string | undefined>;

/** Reads what all checks need, and connects to what they look at. It changes nothing. */
export async function openContext(given: Environment): Promise<DoctorContext> {
  // As for the service, what is empty is not set.
  const environment = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  const faults = settingFaults(environment);
  const { plan, origin } = readPlan(environment);
  const [google, database, apiKey] = await Promise.all([
    openGoogle(environment, origin),
    openDatabase(environment, faults),
    apiKeyOf(environment),
  ]);
  const service = new ServiceClient(publicUrlOf(environment), localUrlOf(environment), apiKey);
  const installation = 'dataSource' in database ? await installationOf(database.dataSource) : null;
  return {
    environment,
    faults,
    origin,
    plan,
    google,
    database,
    installation,
    service,
  };
}

export async function closeContext({ database }: DoctorContext): Promise<void> {
  if ('dataSource' in database) await database.dataSource.destroy().catch(() => undefined);
}

async function openGoogle(
  environment: Environment,
  origin: string | undefined,
): Promise<DoctorContext['google']> {
  try {
    const keyFile = environment.GOOGLE_APPLICATION_CREDENTIALS || undefined;
    const headers = await applicationDefaultCredentials(keyFile, origin);
    const options = { origin, waits: false, absentWhenDisabled: false, report: () => undefined };
    return { api: new GoogleApiClient(headers, options) };
  } catch (error) {
    if (!(error instanceof NoCredentialsError)) throw error;
    return { absent: { detail: error.message, remedy: error.remedy } };
  }
}

async function openDatabase(
  { DATABASE_URL, DATA_DIR = './.data' }: Environment,
  faults: readonly SettingFault[],
): Promise<DoctorContext['database']> {
  const fault = faults.find(({ variable }) => variable === 'DATABASE_URL');
  if (fault !== undefined) {
    return { absent: { detail: `${describeFault(fault)}.`, remedy: 'Correct DATABASE_URL.' }, isFault: true };
  }
  const url = DATABASE_URL ?? (await runningEmbeddedUrl(DATA_DIR));
  if (url === undefined) {
    const detail = 'The embedded PostgreSQL does not run: the service starts it.';
    return { absent: { detail, remedy: 'Start the service, and run doctor beside it.' }, isFault: false };
  }
  try {
    const dataSource = new DataSource({ ...dataSourceOptions(url), poolSize: 2 });
    return { dataSource: await dataSource.initialize() };
  } catch (error) {
    const unusable = asUnusable(error);
    const detail = unusable
      ? describeError(unusable)
      : `The database does not answer: ${describeError(error)}`;
    const remedy = unusable
      ? 'The service does not start until that is done.'
      : 'Start PostgreSQL, and let it be reached from here as DATABASE_URL says.';
    return { absent: { detail, remedy }, isFault: true };
  }
}

/** A database that was never migrated has none. */
function installationOf(dataSource: DataSource): Promise<string | null> {
  return installationId(dataSource).catch(() => null);
}

async function apiKeyOf({
  API_KEY,
  DATABASE_URL,
  DATA_DIR = './.data',
}: Environment): Promise<string | undefined> {
  if (API_KEY) return API_KEY;
  if (DATABASE_URL) return undefined;
  return readFile(resolve(DATA_DIR, 'api-key'), 'utf8').then(
    (key) => key.trim(),
    () => undefined,
  );
}

function publicUrlOf({ PUBLIC_URL = '', PORT = '3000' }: Environment): string {
  return URL.canParse(PUBLIC_URL) ? new URL(PUBLIC_URL).origin : `http://localhost:${PORT}`;
}

/** Where the service listens, for whoever is on the same machine. */
function localUrlOf({ HOST = '127.0.0.1', PORT = '3000' }: Environment): string {
  const isAny = ['', '0.0.0.0', '::'].includes(HOST);
  return `http://${isAny ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT || '3000'}`;
}
