/**
 * Cuts a list into slices, each as large as may be.
 *
 * @param most how large a slice may be, unless one item alone is larger
 * @returns the slices in their order, each with the index of its first item
 */
export function chunkBySize<T>(
  items: T[],
  sizeOf: (item: T) => number,
  most: number,
): { start: number; items: T[] }[] {
  const slices: { start: number; items: T[] }[] = [];
  let size = Infinity;
  for (const [index, item] of items.entries()) {
    size += sizeOf(item);
    if (size <= most) slices.at(-1)!.items.push(item);
    else {
      slices.push({ start: index, items: [item] });
      size = sizeOf(item);
    }
  }
  return slices;
}
