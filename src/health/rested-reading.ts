/** What takes longer than this (ms) to read is not read again before so many times as long has passed. */
const SLOW_READING_MS = 10;
const REST_FACTOR = 20;

/** Wraps a reading that probes ask for often, and that may take long in a large fleet: then they share one for a while. */
export function rested<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { value: T; until: number } | undefined;
  return async () => {
    const began = performance.now();
    if (last && began < last.until) return last.value;
    const value = await read();
    const now = performance.now();
    const took = now - began;
    last = { value, until: took > SLOW_READING_MS ? now + REST_FACTOR * took : now };
    return value;
  };
}
