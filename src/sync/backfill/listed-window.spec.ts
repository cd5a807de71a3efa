import { nextSpan, oldestFirst, shorterSpan, WINDOW_SIZE } from './listed-window';

describe(oldestFirst, () => {
  it('merges lists that are newest first, each message once', () => {
    const lists = [['1a', '9', '3'], ['1b', '9'], [], ['2']];
    expect([...oldestFirst(lists)]).toEqual(['2', '3', '9', '1a', '1b']);
  });

  it('gives one list as it is, from its end', () => {
    expect([...oldestFirst([['1', '7', '3']])]).toEqual(['3', '7', '1']);
  });
});

describe('the span of a window', () => {
  it('is shortened to what is read together, by what was found', () => {
    expect(shorterSpan(80_000, WINDOW_SIZE * 8)).toBe(8_000);
    expect(shorterSpan(80_000, null)).toBe(20_000);
  });

  it('is never shorter than a second, which is as exact as a search is', () => {
    expect(shorterSpan(2_000, null)).toBe(1_000);
    expect(shorterSpan(1_000, 5_000)).toBeNull();
  });

  it('grows where little is found', () => {
    expect([nextSpan(1_000, 0), nextSpan(1_000, 30), nextSpan(1_000, 90)]).toEqual([4_000, 2_000, 1_000]);
  });
});
