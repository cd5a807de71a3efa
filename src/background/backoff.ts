/**
 * Exponential back-off with full jitter on its upper half.
 *
 * @param failures how often it has failed in a row, from 1
 * @returns milliseconds to wait: between half of and the whole of `base * 2^(failures-1)`, at most `cap`
 */
export function backoff(
  failures: number,
  base: number,
  cap: number,
  random: () => number = Math.random,
): number {
  const whole = Math.min(cap, base * 2 ** Math.min(failures - 1, 30));
  return Math.round(whole / 2 + (whole / 2) * random());
}
