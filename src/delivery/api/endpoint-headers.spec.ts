import { headerFaults } from './endpoint-headers';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h${n}`, '']));

describe(headerFaults, () => {
  it('names each fault of a few headers', () => {
    expect(headerFaults({ 'x-a': '', host: 'b', 'x-c': 'c' }).map(({ path }) => path)).toEqual([
      'headers.x-a',
      'headers.host',
    ]);
  });

  it.each([21, 60_000])('says of %d headers that they are too many, and looks at none of them', (count) => {
    expect(headerFaults(many(count))).toEqual([
      { path: 'headers', message: 'must not be more than 20 headers' },
    ]);
  });
});
