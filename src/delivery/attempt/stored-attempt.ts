import type { Attempt } from './delivery.types';

/**
 * An attempt as it is kept: the milliseconds of its beginning, then status, latency, error and response, without the nulls
 * at the end. There is one for nearly every event, and names would take more room than what they name.
 */
export type StoredAttempt = [
  at: number,
  status?: number | null,
  latencyMs?: number | null,
  error?: string | null,
  response?: string | null,
];

export function storeAttempt({ at, status, latencyMs, error, response }: Attempt): StoredAttempt {
  const stored: StoredAttempt = [Date.parse(at), status, latencyMs, error, response];
  while (stored.at(-1) === null) stored.pop();
  return stored;
}

export function readAttempt([
  at,
  status = null,
  latencyMs = null,
  error = null,
  response = null,
]: StoredAttempt): Attempt {
  return { at: new Date(at).toISOString(), status, latencyMs, error, response };
}
