/** Timers that are set for longer fire at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer faster than this keeps the process busy with nothing else. */
const MIN_INTERVAL_MS = 10;

/** For how long a repeated timer is set: within what a timer can do, whatever a setting says. */
export function intervalDelay(milliseconds: number): number {
  return Math.min(MAX_TIMER_MS, Math.max(MIN_INTERVAL_MS, milliseconds));
}
