/** Messages that are read together: 2,000 of the quota units that a mailbox has a minute. */
export const WINDOW_SIZE = 100;

/** A search is as exact as a second: what arrived within one is listed as it is. */
const MIN_SPAN_MS = 1_000;

/** The span of time after one in which so many messages were found: it is to hold half a window to a whole one. */
export function nextSpan(span: number, found: number): number {
  return found > WINDOW_SIZE / 2 ? span : span * (found === 0 ? 4 : 2);
}

/**
 * A shorter span than one in which too many messages were found.
 *
 * @param found how many; null: more than a list shows at once
 * @returns null when there is none
 */
export function shorterSpan(span: number, found: number | null): number | null {
  if (span <= MIN_SPAN_MS) return null;
  const share = found === null ? 1 / 4 : (WINDOW_SIZE / found) * 0.8;
  return Math.max(MIN_SPAN_MS, Math.floor(span * share));
}

/**
 * Merges lists, each oldest first, by the ids of their messages, which ascend with time: what is in several of them comes once.
 *
 * @param lists newest first, as Gmail gives them; they are used up
 */
export function* oldestFirst(lists: string[][]): Generator<string> {
  let last: string | undefined;
  for (;;) {
    const oldest = lists
      .filter((list) => list.length > 0)
      .reduce<string[] | undefined>(
        (one, other) => (one && isOlder(one.at(-1)!, other.at(-1)!) ? one : other),
        undefined,
      );
    if (!oldest) return;
    const id = oldest.pop()!;
    if (id !== last) yield id;
    last = id;
  }
}

/** Ids are hexadecimal numbers without leading zeros. */
function isOlder(one: string, other: string): boolean {
  return one.length === other.length ? one <= other : one.length < other.length;
}
