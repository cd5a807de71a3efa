import { filterFaults } from './filter-faults';

const paths = (filter: unknown) => filterFaults(filter).map(({ path }) => path);
const nested = (levels: number): object => (levels === 1 ? { a: 1 } : { a: nested(levels - 1) });
const conditions = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));

describe(filterFaults, () => {
  it.each([
    [{}],
    [{ type: 'message.added', sequence: 1, mailbox: { externalId: null }, data: { gone: true } }],
    [{ data: { labelIds: 'IMPORTANT', message: { from: { address: { $endsWith: '@example.com' } } } } }],
    [{ $or: [{ type: { $in: ['a', 1, null] } }, { $and: [{ $not: { a: { $exist: false } } }] }] }],
    [{ a: { $gt: 1, $lte: 'x', $gte: 0, $lt: 2, $neq: null, $nin: [true], $startsWith: '', $eq: false } }],
    [{ a: { $or: [{ $eq: 1 }, { b: 2 }], $not: { $eq: 3 } } }],
    [nested(8)],
    [conditions(50)],
    [{ a: 'x'.repeat(4_000) }],
    [{ '': 1, a: { $gt: 1e300, $startsWith: '\ud83d\ude00' } }],
  ])('takes %j', (filter) => expect(filterFaults(filter)).toEqual([]));

  it.each([
    [[], ['filter']],
    ['type', ['filter']],
    [{ a: { $regex: 'x' } }, ['filter.a.$regex']],
    [{ $ref: 'x', b: { $ne: 1 } }, ['filter.$ref', 'filter.b.$ne']],
    [{ a: { $gt: null } }, ['filter.a.$gt']],
    [{ a: { $lte: [1] } }, ['filter.a.$lte']],
    [{ a: { $eq: { b: 1 } } }, ['filter.a.$eq']],
    [{ a: { $in: 'x' } }, ['filter.a.$in']],
    [{ a: { $nin: [] } }, ['filter.a.$nin']],
    [{ a: { $in: [{}] } }, ['filter.a.$in']],
    [{ a: { $exist: 'yes' } }, ['filter.a.$exist']],
    [{ a: { $startsWith: 1 } }, ['filter.a.$startsWith']],
    [{ a: { $endsWith: null } }, ['filter.a.$endsWith']],
    [{ $or: {} }, ['filter.$or']],
    [{ $and: [] }, ['filter.$and']],
    [{ $and: [{}, 1] }, ['filter.$and']],
    [{ $not: 'x' }, ['filter.$not']],
    [{ $or: [{ a: 1 }, { b: { $foo: 1 } }] }, ['filter.$or.1.b.$foo']],
    [{ labelIds: ['A'] }, ['filter.labelIds']],
    [nested(9), ['filter.a.a.a.a.a.a.a.a']],
    [conditions(51), ['filter']],
    [{ a: 'x'.repeat(4_100) }, ['filter']],
    [{ 'a\0b': 1 }, ['filter.a\0b']],
    [{ a: { '\ud800': { b: 1 } } }, ['filter.a.\ud800']],
    [{ a: 'x\0' }, ['filter.a']],
    [{ a: { $endsWith: '\udc00' }, b: 'a\ud800b' }, ['filter.a.$endsWith', 'filter.b']],
    [{ a: { $nin: ['x', '\ud800'] }, b: { $gt: Infinity } }, ['filter.a.$nin', 'filter.b.$gt']],
  ])('refuses %j, and names where', (filter, expected) => expect(paths(filter)).toEqual(expected));
});
