import { canonicalAddress } from '../../mailbox/email-address';

/** So many users at once: each takes three calls to Google. */
const CONCURRENCY = 16;

/**
 * Does the work for each item, and several at once; the same address twice is one mailbox, and the second waits for the first.
 *
 * @returns the results in the order of the items
 */
export async function forEachAddress<T>(
  items: readonly unknown[],
  work: (item: unknown) => Promise<T>,
): Promise<T[]> {
  const results = new Array<T>(items.length);
  const groups = groupsOf(items).values();
  const worker = async (): Promise<void> => {
    for (const group of groups) for (const index of group) results[index] = await work(items[index]);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}

/** The address that an item names, as it names it. */
export function addressOf(item: unknown): string | null {
  const { emailAddress } = (item ?? {}) as { emailAddress?: unknown };
  return typeof emailAddress === 'string' ? emailAddress : null;
}

function groupsOf(items: readonly unknown[]): number[][] {
  const groups = Map.groupBy(items.keys(), (index) => {
    const address = addressOf(items[index]);
    return address === null ? index : canonicalAddress(address);
  });
  return [...groups.values()];
}
