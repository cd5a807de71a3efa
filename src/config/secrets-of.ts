import { proxyUrl } from './accepted-values';
import type { EnvironmentVariables } from './environment-variables';

/** Shorter ones would take ordinary words out of the log. */
const LEAST_LENGTH = 8;

/** The secrets among the variables, in every form in which they could be written somewhere. */
export function secretsOf(variables: EnvironmentVariables): string[] {
  const { API_KEY, GOOGLE_CLIENT_SECRET, ENCRYPTION_KEYS, DATABASE_URL, HTTPS_PROXY } = variables;
  const keys = (ENCRYPTION_KEYS ?? '').split(',').map((entry) => entry.slice(entry.lastIndexOf(':') + 1));
  const passwords = [DATABASE_URL, HTTPS_PROXY && proxyUrl(HTTPS_PROXY)]
    .filter((url) => url !== undefined)
    .map((url) => new URL(url).password);
  const secrets = [API_KEY ?? '', GOOGLE_CLIENT_SECRET, ...keys, ...passwords, ...passwords.map(decoded)];
  return [...new Set(secrets)].filter((secret) => secret.trim().length >= LEAST_LENGTH);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
