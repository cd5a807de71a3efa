import { describeError } from './describe-error';

describe(describeError, () => {
  it.each([
    [new Error('no answer', { cause: new Error('connect ECONNREFUSED') }), 'no answer: connect ECONNREFUSED'],
    [new Error('It failed.', { cause: new Error('why') }), 'It failed. why'],
    [new Error('invalid_client', { cause: { message: 'invalid_client', code: 401 } }), 'invalid_client'],
    [
      new Error('refused', { cause: { message: 'The client was not found.' } }),
      'refused: The client was not found.',
    ],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [new Error('no answer', { cause: null }), 'no answer: null'],
  ])('says %s in a line: %s', (error, line) => {
    expect(describeError(error)).toBe(line);
  });
});
