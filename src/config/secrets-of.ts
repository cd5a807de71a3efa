import { proxyUrl } from './accepted-values';
import { databaseTarget } from './database-url';
import type { EnvironmentVariables } from './environment-variables';

/** Shorter ones would take ordinary words out of the log. */
const MIN_LENGTH = 8;

/** The secrets among the variables, in every form in which they could be written somewhere. */
export function secretsOf(variables: EnvironmentVariables): string[] {
  const { API_KEY, GOOGLE_CLIENT_SECRET, ENCRYPTION_KEYS, DATABASE_URL, HTTPS_PROXY } = variables;
  const keys = (ENCRYPTION_KEYS ?? '').split(',').map((entry) => entry.slice(entry.lastIndexOf(':') + 1));
  const ofDatabase = DATABASE_URL === undefined ? '' : String(databaseTarget(DATABASE_URL).password ?? '');
  const ofProxy = HTTPS_PROXY === undefined ? '' : new URL(proxyUrl(HTTPS_PROXY)).password;
  const passwords = [ofDatabase, encodeURIComponent(ofDatabase), ofProxy, decoded(ofProxy)];
  const secrets = [API_KEY ?? '', GOOGLE_CLIENT_SECRET, ...keys, ...passwords];
  return [...new Set(secrets)].filter((secret) => secret.trim().length >= MIN_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
