import { setTimeout as delay } from 'node:timers/promises';

const MIN_INTERVAL_MS = 20;
const MAX_INTERVAL_MS = 100;

/** Rarer the longer it takes: each look costs the machine time, which is what is waited for. */
function interval(waitedMs: number): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, waitedMs / 20));
}

/**
 * Waits until the look gives something true, and returns it. Conditions are awaited, never slept for.
 *
 * @param options.timeout milliseconds after which it fails, naming what was seen last
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  options: { timeout?: number; until?: (seen: T) => boolean } = {},
): Promise<T> {
  const until = options.until ?? Boolean;
  const began = Date.now();
  const deadline = began + (options.timeout ?? 20_000);
  for (;;) {
    const seen = await look();
    if (until(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`It did not happen in time. Seen last: ${JSON.stringify(seen)}`);
    await delay(interval(Date.now() - began));
  }
}
