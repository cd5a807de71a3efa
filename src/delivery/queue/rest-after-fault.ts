import { isConnectionError } from '../../common/connection-error';

/** Milliseconds. PostgreSQL is back within seconds; a key that is missing takes a person. */
const WHEN_DATABASE_IS_AWAY = 1_000;
const OTHERWISE = 30_000;

/** How long, in milliseconds, a delivery rests when something of ours stood in the way of an attempt. */
export function restAfterFault(error: unknown): number {
  return isConnectionError(error) ? WHEN_DATABASE_IS_AWAY : OTHERWISE;
}
