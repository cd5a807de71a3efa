import { chunkBySize } from './chunk-by-size';

describe(chunkBySize, () => {
  it.each([
    [[], []],
    [
      [1, 2, 3],
      [
        [0, [1, 2]],
        [2, [3]],
      ],
    ],
    [
      [9, 1, 9],
      [
        [0, [9]],
        [1, [1]],
        [2, [9]],
      ],
    ],
    [[0, 0, 3, 0], [[0, [0, 0, 3, 0]]]],
  ])('cuts %j', (items, slices) => {
    expect(chunkBySize(items, (item) => item, 3).map(({ start, items: some }) => [start, some])).toEqual(
      slices,
    );
  });
});
