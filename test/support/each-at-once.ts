/**
 * A test for each case, like `it.each`, but all of them run at the same time: for those that mostly wait. They begin
 * before the first is reported, so hooks that run between tests must not touch what they use.
 *
 * @param name with `%s` or `%j` for the parts of a case
 */
export function eachAtOnce<C extends readonly unknown[]>(
  name: string,
  cases: readonly C[],
  run: (...one: [...C]) => Promise<void>,
): void {
  describe('at once', () => {
    const runs: Promise<void>[] = [];
    beforeAll(() => {
      for (const one of cases) {
        const ran = run(...([...one] as [...C]));
        // Each is awaited by its own test; until then its failure is nobody's.
        ran.catch(() => undefined);
        runs.push(ran);
      }
    });
    it.each(cases.map((one, index) => [...one, index]))(name, async (...one) => {
      await runs[one.at(-1) as number];
    });
  });
}
