import { unknownField } from './validation-details';

describe(unknownField, () => {
  const fields = ['url', 'eventTypes', 'mailboxIds', 'ordering', 'description'];

  it.each([
    ['events', 'eventTypes'],
    ['event_types', 'eventTypes'],
    ['mailboxId', 'mailboxIds'],
    ['URL', 'url'],
    ['order', 'ordering'],
    ['desc', 'description'],
  ])('names for %s the nearest: %s', (name, nearest) => {
    expect(unknownField(name, fields)).toBe(`${name} is unknown: did you mean ${nearest}?`);
  });

  it('names all of them when none is near', () => {
    expect(unknownField('colour', ['after', 'limit'])).toBe('colour is unknown: there are after, limit');
  });

  it('does not compare what is longer than any field', () => {
    const name = 'descriptio'.repeat(20);
    expect(unknownField(name, fields)).toBe(`${name} is unknown: there are ${fields.join(', ')}`);
  });

  it('says so when there are none', () => {
    expect(unknownField('colour', [])).toBe('colour is unknown: nothing can be given here');
  });
});
