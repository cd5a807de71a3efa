import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../../background/backoff';
import type { GmailApiError } from '../gmail.errors';
import { MAX_WAIT_IN_PLACE_MS } from '../quota/patience';

/** How often in a row nothing may be read before the refusal is thrown, and the waits in between unless Google names a time. */
export const MAX_FAILURES = 3;
const MIN_RETRY_MS = 500;
const MIN_PROJECT_RETRY_MS = 5_000;
const MAX_RETRY_MS = 30_000;

/**
 * Waits until what was refused is asked for again.
 *
 * @param failures how often in a row nothing was read at all
 * @throws the refusal when Google wants to be left alone for longer than work waits where it is
 */
export async function waitAfter(
  refusal: GmailApiError,
  failures: number,
  signal?: AbortSignal,
): Promise<void> {
  const { retryAt, ofProject } = refusal.details;
  const min = ofProject ? MIN_PROJECT_RETRY_MS : MIN_RETRY_MS;
  const waitMs = retryAt ? retryAt.getTime() - Date.now() : backoff(failures + 1, min, MAX_RETRY_MS);
  if (waitMs > MAX_WAIT_IN_PLACE_MS) throw refusal;
  await delay(Math.max(0, waitMs), undefined, { signal });
}
