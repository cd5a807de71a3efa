import { maskValues } from './mask-values';

const VALUE = 'Bearer key-0123"456789';

describe(maskValues, () => {
  it.each([
    ['as it is', `you sent ${VALUE}!`, 'you sent ***!'],
    ['without its scheme', 'bad token key-0123"456789', 'bad token ***'],
    ['in JSON', JSON.stringify({ authorization: VALUE }), '{"authorization":"***"}'],
    ['cut off at the end', 'you sent Bearer key-0123', 'you sent ***'],
    ['twice', `${VALUE} ${VALUE}`, '*** ***'],
    ['not at all', 'thank you', 'thank you'],
  ])('takes out a value %s', (_name, text, expected) => expect(maskValues(text, [VALUE])).toBe(expected));

  it('lets texts be that occur in any answer', () => {
    expect(maskValues('1 of 10 taken', ['1', 'of'])).toBe('1 of 10 taken');
  });
});
