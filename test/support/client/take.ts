/** The next so many of what comes; what comes later is left to whoever takes it. */
export async function take<T>(from: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const { done, value } = await from.next();
    if (done) throw new Error(`it ended after ${taken.length} of ${count}`);
    taken.push(value);
  }
  return taken;
}
