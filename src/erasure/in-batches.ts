import { setTimeout as delay } from 'node:timers/promises';

/** After each batch, in which the log and the rows belong to others. */
const PAUSE_MS = 20;

/**
 * Repeats until a batch has found nothing.
 *
 * @param batch gives how many rows it has found
 */
export async function inBatches(signal: AbortSignal, batch: () => Promise<number>): Promise<void> {
  while ((await batch()) > 0) await delay(PAUSE_MS, undefined, { signal });
}
