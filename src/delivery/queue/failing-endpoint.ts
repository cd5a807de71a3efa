/** How long an endpoint may fail without a single success: long enough for a weekend and a holiday. */
const MAX_FAILING_MS = 5 * 24 * 3_600_000;

/** One or two events that a receiver cannot process are no sign that it is gone, however quiet its mailboxes are. */
const MIN_DEAD_DELIVERIES = 3;

/** Whether it has failed for so long that the number of its dead deliveries has to be looked at. */
export function isFailingForLong(failingFor: number): boolean {
  return failingFor >= MAX_FAILING_MS;
}

/**
 * Whether an endpoint is to be disabled: nothing has got through for five days, and several deliveries have used up all
 * of their attempts meanwhile. A single success begins the count anew.
 *
 * @param failingFor milliseconds since the first failure after the last success
 * @param dead how many deliveries have died since
 */
export function shouldDisable(failingFor: number, dead: number): boolean {
  return isFailingForLong(failingFor) && dead >= MIN_DEAD_DELIVERIES;
}
