import { Batcher } from './batcher';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe(Batcher, () => {
  it('writes what gathers during a write together, in order, with the next one', async () => {
    const batches: number[][] = [];
    const release: (() => void)[] = [];
    const batcher = new Batcher<number>(async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => release.push(resolve));
    });
    const first = batcher.add(1);
    await turn();
    const rest = [2, 3, 4].map((n) => batcher.add(n));
    await turn();
    expect(batches).toEqual([[1]]);
    release.shift()!();
    await first;
    await turn();
    expect(batches).toEqual([[1], [2, 3, 4]]);
    release.shift()!();
    await Promise.all(rest);
  });

  it('answers nobody before the write has returned', async () => {
    let release = () => {};
    const batcher = new Batcher<number>(() => new Promise<void>((resolve) => (release = resolve)));
    let answered = false;
    const answer = batcher.add(1).then(() => (answered = true));
    await turn();
    await turn();
    expect(answered).toBe(false);
    release();
    await answer;
  });

  it('gives each item its own result', async () => {
    const batcher = new Batcher<number, number>(async (items) => items.map((n) => n * 2));
    expect(await Promise.all([1, 2, 3].map((n) => batcher.add(n)))).toEqual([2, 4, 6]);
  });

  it('fails the items of a failed write and goes on with the next', async () => {
    let fail = true;
    const batcher = new Batcher<number>(async () => {
      if (fail) throw new Error('disk full');
    });
    await expect(Promise.all([batcher.add(1), batcher.add(2)])).rejects.toThrow('disk full');
    fail = false;
    await expect(batcher.add(3)).resolves.toBeUndefined();
  });

  it('takes no more than maxItems at once', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number>(async (items) => void sizes.push(items.length), {
      lanes: 1,
      maxItems: 2,
    });
    await Promise.all([1, 2, 3, 4, 5].map((n) => batcher.add(n)));
    expect(sizes).toEqual([2, 2, 1]);
  });
});
