import fc from 'fast-check';

/** Few names and values, so that filters and events have something to do with each other. */
const name = fc.constantFrom('a', 'b', 'toString', 'length');
const text = fc.constantFrom('', 'x', 'xy', 'y', 'é', '\u{1f600}', '\uffee');
const value = fc.oneof(text, fc.constantFrom(0, 1, 2, -1, 1.5), fc.boolean(), fc.constant(null));
const ordered = fc.oneof(text, fc.constantFrom(0, 1, 1.5));

/** Values as events have them. */
export const arbitraryValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    value,
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie('any'), { maxLength: 3 }),
  ),
})).any;

/** Filters that are accepted. */
export const arbitraryFilter: fc.Arbitrary<Record<string, unknown>> = fc.letrec((tie) => {
  const object = tie('object');
  const list = fc.array(object, { minLength: 1, maxLength: 2 });
  const operators = fc.record(
    {
      ...{ $eq: value, $neq: value, $exist: fc.boolean(), $startsWith: text, $endsWith: text },
      ...{ $gt: ordered, $gte: ordered, $lt: ordered, $lte: ordered },
      $in: fc.array(value, { minLength: 1, maxLength: 3 }),
      $nin: fc.array(value, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  // Nearly all of many operators together would be false.
  const few = fc
    .tuple(operators, fc.nat())
    .map(([all, seed]) => Object.fromEntries(Object.entries(all).filter((_, n) => (n + seed) % 5 === 0)));
  const logical = fc.record(
    { $and: list, $or: list, $not: object },
    { requiredKeys: [], noNullPrototype: true },
  );
  const fields = fc.dictionary(name, fc.oneof({ maxDepth: 3 }, value, object), {
    maxKeys: 2,
    noNullPrototype: true,
  });
  return {
    object: fc.oneof(
      { maxDepth: 3 },
      few,
      fields,
      fc.tuple(few, fields, logical).map((parts) => Object.assign({}, ...parts) as object),
    ),
  };
}).object as fc.Arbitrary<Record<string, unknown>>;
