import { isConnectionError } from '../../common/connection-error';

/** PostgreSQL is back within seconds; a key that is missing takes a person. */
const DATABASE_AWAY_WAIT_MS = 1_000;
const OTHER_WAIT_MS = 30_000;

/** How long, in milliseconds, a delivery rests when something of ours stood in the way of an attempt. */
export function restAfterFault(error: unknown): number {
  return isConnectionError(error) ? DATABASE_AWAY_WAIT_MS : OTHER_WAIT_MS;
}
