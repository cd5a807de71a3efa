import { ROW_LOCKED, RowBatcher } from './row-batcher';

const OPTIONS = { lanes: 1, maxItems: 100, maxLockWaitMs: 10_000 };

describe(RowBatcher, () => {
  it('tries an item whose row is locked again, apart from the others', async () => {
    const locked = new Set([2]);
    const batches: number[][] = [];
    const batcher = new RowBatcher<number, number>(async (items) => {
      batches.push(items);
      return items.map((n) => (locked.has(n) ? ROW_LOCKED : n * 10));
    }, OPTIONS);
    const waiting = batcher.add(2);
    expect(await Promise.all([batcher.add(1), batcher.add(3)])).toEqual([10, 30]);
    expect(await batcher.add(4)).toBe(40);
    locked.clear();
    expect(await waiting).toBe(20);
    expect(batches[0]).toEqual([2, 1, 3]);
    expect(batches.at(-1)).toEqual([2]);
  });

  it('says when the row was locked all the time', async () => {
    const options = { ...OPTIONS, maxLockWaitMs: 100 };
    const batcher = new RowBatcher<number, number>(async (items) => items.map(() => ROW_LOCKED), options);
    expect(await batcher.add(1)).toBe(ROW_LOCKED);
  });
});
