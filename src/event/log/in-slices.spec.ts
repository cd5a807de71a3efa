import { inSlices } from './in-slices';

describe(inSlices, () => {
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
    expect(inSlices(items, (item) => item, 3).map(({ start, items: some }) => [start, some])).toEqual(slices);
  });
});
