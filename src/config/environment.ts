import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { GoogleSettings } from './settings';
import { SettingsError } from './settings.error';

/** The settings of OpenTelemetry's SDK, which it reads from the process environment and nowhere else. */
const OF_THE_SDK = /^OTEL_/;

/**
 * The process environment over the `.env` file of the working directory: the only place that reads either.
 *
 * @throws SettingsError when the file cannot be read
 */
export function readEnvironment(directory = process.cwd()): Record<string, string | undefined> {
  const file = resolve(directory, '.env');
  const fromFile = existsSync(file) ? parseEnv(readSettings(file)) : {};
  const environment = { ...fromFile, ...process.env };
  // Most programs take these two in small letters too, and first.
  const { https_proxy, no_proxy, HTTPS_PROXY, NO_PROXY } = environment;
  return { ...environment, HTTPS_PROXY: https_proxy || HTTPS_PROXY, NO_PROXY: no_proxy || NO_PROXY };
}

/** Docker makes a directory of a file that it mounts and that is not there. */
function readSettings(file: string): string {
  try {
    // Some editors begin a file with a mark that would be part of the first name.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const expected = `a file that this process can read, or none (${(error as NodeJS.ErrnoException).code})`;
    throw new SettingsError([{ variable: file, expected }]);
  }
}

/** Hands what `.env` says of OpenTelemetry to its SDK. @param environment as `readEnvironment` gives it */
export function shareWithTracing(environment: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(environment))
    if (OF_THE_SDK.test(name)) process.env[name] ??= value;
}

/**
 * Hands what Google's library of Pub/Sub reads from the process environment to it, where that came from `.env` or under another
 * name: the credentials, and gRPC's own settings of a proxy.
 */
export function shareWithPubsub(credentialsFile: string | undefined, proxy: GoogleSettings['proxy']): void {
  if (credentialsFile !== undefined) process.env.GOOGLE_APPLICATION_CREDENTIALS ??= credentialsFile;
  if (!proxy) return;
  process.env.grpc_proxy ??= proxy.url;
  process.env.no_grpc_proxy ??= proxy.exceptions;
}
