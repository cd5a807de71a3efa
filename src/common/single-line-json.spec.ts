import { onSingleLine } from './single-line-json';

describe('JSON on a single line', () => {
  it.each(['\u0085', '\u2028', '\u2029'])(
    'has no %j, which many readers take for the end of a line',
    (end) => {
      const value = { [`a${end}b`]: `${end}é${end}\n\\u2028` };
      const json = onSingleLine(JSON.stringify(value));
      expect(json).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual(value);
    },
  );
});
