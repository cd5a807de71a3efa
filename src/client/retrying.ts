import { InboxwireProblem } from './problem.js';

const MAX_DELAY_MS = 30_000;
const MAX_RETRY_AFTER_MS = 600_000;

/** Whether the same request will be answered in the same way: only a network, or a service that is away, comes back. */
export function isFinal(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  return error instanceof InboxwireProblem && error.status < 500 && ![408, 425, 429].includes(error.status);
}

/**
 * Milliseconds to wait before the next attempt: somewhere up to a limit that doubles, so that a thousand clients that have
 * lost the same service do not all come back at once. What the service asks for is kept to.
 *
 * @param failures attempts that have failed in a row; 0 when a connection that worked was lost
 * @param reconnection the limit for the first attempt, in milliseconds
 */
export function retryDelay(error: unknown, failures: number, reconnection: number): number {
  const spread = Math.random() * Math.min(reconnection * 2 ** failures, MAX_DELAY_MS);
  if (!(error instanceof InboxwireProblem) || error.retryAfter === undefined) return spread;
  return Math.min(error.retryAfter * 1_000, MAX_RETRY_AFTER_MS) + spread;
}

/** Waits so many milliseconds, or until the signal is aborted. */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    if (signal?.aborted) done();
    signal?.addEventListener('abort', done);
  });
}
