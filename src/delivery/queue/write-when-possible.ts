import { setTimeout as delay } from 'node:timers/promises';
import { isConnectionError } from '../../common/connection-error';

/** How often, and how far apart, it is tried. */
const MAX_TRIES = 10;
const RETRY_WAIT_MS = 500;

/**
 * Claims outlive a short outage of the database, and so should the outcomes of attempts. A write whose commit was not
 * heard of is repeated: it must change nothing the second time.
 */
export async function writeWhenPossible<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries === MAX_TRIES || !(isConnectionError(error) || isDeadlock(error))) throw error;
      await delay(RETRY_WAIT_MS);
    }
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: somebody else locks in another order, by hand perhaps. */
function isDeadlock(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '40P01';
}
