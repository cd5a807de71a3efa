import { setTimeout as delay } from 'node:timers/promises';
import type { WorkLoop } from '../../background/work-loop';

/** How a delivery under way is told to end. */
export interface StopSignals {
  /** Begin no other attempt. */
  stopping: AbortSignal;
  /** End the attempt under way. */
  cutOff: AbortSignal;
}

/** How long, in milliseconds, attempts under way may go on after SIGTERM, and how long they have then to be settled. */
const FINISH = 4_000;
const SETTLE = 3_000;

/** Lets attempts under way finish for a while, cuts off the rest, and resolves when all of them are settled. */
export async function stopGently<T>(loop: WorkLoop<T>, cutOff: AbortController): Promise<void> {
  const finished = new AbortController();
  const ended = loop.stop(FINISH + SETTLE).finally(() => finished.abort());
  await delay(FINISH, undefined, { signal: finished.signal }).catch(() => undefined);
  cutOff.abort(new Error('cut off: Inboxwire was shutting down'));
  await ended;
}
