import { parseJson } from './parse-json';

describe(parseJson, () => {
  it.each([
    ['{"url": https://a.example}', 'line 1, column 9'],
    ['{"url": "https://a.example"\n "ordering": "none"}', 'line 2, column 2 (comma expected)'],
    ["{'url': 1}", 'line 1, column 2'],
    ['{"a": 1,}', 'line 1, column 9'],
    ['{"a": 1', 'line 1, column 8'],
    ['{"a": "1}', 'line 1, column 7'],
    ['{"a": 1} x', 'line 1, column 10'],
    ['{"a": 1} // x', 'line 1, column 10'],
    ['{"a": NaN}', 'line 1, column 7'],
    ['{"a": 01}', 'line 1, column'],
    ['{"a":'.repeat(20_000), 'its nesting'],
    ['['.repeat(100_000), 'its nesting'],
  ])('names the place in %j', (text, place) => {
    expect(() => parseJson(text)).toThrow(place);
    expect(() => parseJson(text)).toThrow(/double quotes, commas and brackets/);
  });

  it('cites nothing of the body', () => {
    expect(() => parseJson('{"key": secret-of-mine}')).not.toThrow(/secret-of-mine/);
  });
});
