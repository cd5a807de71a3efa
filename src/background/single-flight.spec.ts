import { SingleFlight } from './single-flight';

describe(SingleFlight, () => {
  it('runs once more for all who ask while it runs', async () => {
    const ends: (() => void)[] = [];
    const repeater = new SingleFlight(() => new Promise((resolve) => void ends.push(resolve)));
    const order: string[] = [];
    const runs = ['first', 'second', 'third'].map((name) => repeater.run().then(() => void order.push(name)));
    expect(ends.length).toBe(1);
    ends[0]!();
    await runs[0];
    await Promise.resolve();
    expect(ends.length).toBe(2);
    expect(order).toEqual(['first']);
    ends[1]!();
    await Promise.all(runs);
    expect(ends.length).toBe(2);
  });

  it('gives its error to those who waited for that run, and goes on', async () => {
    let runs = 0;
    const repeater = new SingleFlight(() =>
      ++runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve(),
    );
    const first = repeater.run();
    const second = repeater.run();
    await expect(first).rejects.toThrow('no');
    await second;
    expect(runs).toBe(2);
  });
});
