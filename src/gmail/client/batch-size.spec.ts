import { BatchSize } from './batch-size';

describe(BatchSize, () => {
  it('is what Google answered of the last batch, and grows back by one with each that is answered whole', () => {
    const size = new BatchSize();
    expect(size.next).toBe(50);
    size.record(50, 20);
    expect(size.next).toBe(20);
    size.record(20, 20);
    expect(size.next).toBe(21);
    for (let n = 0; n < 100; n++) size.record(size.next, size.next);
    expect(size.next).toBe(50);
  });

  it('is a quarter when nothing was answered, down to a single call, and counts how often that was', () => {
    const size = new BatchSize();
    const sizes: number[] = [];
    for (let n = 0; n < 4; n++) {
      size.record(size.next, 0);
      sizes.push(size.next);
    }
    expect([sizes, size.failures]).toEqual([[12, 3, 1, 1], 4]);
    size.record(1, 1);
    expect([size.next, size.failures]).toEqual([2, 0]);
  });
});
