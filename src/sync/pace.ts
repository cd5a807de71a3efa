import { setTimeout as delay } from 'node:timers/promises';

/** Asks Google something that costs so many quota units, when the time for it has come. */
export type Ask = <T>(units: number, call: () => Promise<T>) => Promise<T>;

/** What the calls cost that big mailboxes are read with. */
export const UNITS = { labels: 1, list: 5, history: 2, get: 20 } as const;

/**
 * Spreads calls over time, so that a long piece of work leaves a mailbox some of its quota (6,000 units a minute).
 *
 * @param perMinute units a minute in the long run
 * @param burst units that are free at first: small mailboxes do not wait at all
 * @returns resolves when so many units may be spent
 */
export function pace(
  perMinute: number,
  burst: number,
  signal: AbortSignal,
): (units: number) => Promise<void> {
  let free = burst;
  let since = Date.now();
  return async (units) => {
    const now = Date.now();
    free = Math.min(burst, free + ((now - since) * perMinute) / 60_000);
    since = now;
    free -= units;
    signal.throwIfAborted();
    if (free < 0) await delay((-free * 60_000) / perMinute, undefined, { signal });
  };
}
