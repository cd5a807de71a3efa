import {
  type Comparison,
  COMPARISONS,
  type EventFilter,
  type FilterCondition,
  type FilterValue,
  isObject,
  isValue,
} from './event-filter';

/** Whether a value of an event, or its absence, satisfies a condition. */
type Matcher = (value: unknown) => boolean;

/**
 * Makes a function of a filter, which returns whether an event passes. It is asked for every event, so all that depends on the
 * filter alone is done here. `event_matches` in the database says the same, for lists and counts.
 */
export function compileFilter(filter: EventFilter): Matcher {
  return condition(filter);
}

function condition(wanted: FilterCondition): Matcher {
  if (isValue(wanted)) return anyItem((value) => value === wanted);
  const ofItem: Matcher[] = [];
  const ofWhole: Matcher[] = [];
  for (const [key, inner] of Object.entries(wanted)) {
    if (isComparison(key)) ofItem.push(COMPARE[key](inner));
    else if (key.startsWith('$')) ofWhole.push(WHOLE[key]!(inner));
    else ofItem.push(field(key, condition(inner as FilterCondition)));
  }
  const whole = every(ofWhole);
  if (ofItem.length === 0) return whole;
  // One item satisfies all of them together.
  const item = anyItem(every(ofItem));
  return ofWhole.length === 0 ? item : (value) => item(value) && whole(value);
}

function field(name: string, inner: Matcher): Matcher {
  return (value) => inner(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
}

/** An array satisfies it when one of its items does. */
function anyItem(matches: Matcher): Matcher {
  const self: Matcher = (value) => (Array.isArray(value) ? value.some(self) : matches(value));
  return self;
}

function every(matchers: Matcher[]): Matcher {
  const [first, second] = matchers;
  if (!first) return () => true;
  if (!second) return first;
  return (value) => matchers.every((matches) => matches(value));
}

const not =
  (matches: Matcher): Matcher =>
  (value) =>
    !matches(value);

const isComparison = (key: string): key is Comparison => (COMPARISONS as readonly string[]).includes(key);

/** Values of different kinds are never ordered. */
const ordered =
  (holds: (order: number) => boolean) =>
  (wanted: unknown): Matcher =>
    typeof wanted === 'number'
      ? (value) => typeof value === 'number' && holds(value - wanted)
      : (value) => typeof value === 'string' && holds(compareTexts(value, wanted as string));

/** By code points, as PostgreSQL's "C" collation does, and not by halves of surrogate pairs. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  if (HIGH.test(one) && HIGH.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
}

const HIGH = /[\ud800-\uffff]/;

const COMPARE: Record<Comparison, (wanted: unknown) => Matcher> = {
  $eq: (wanted) => (value) => value === wanted,
  $gt: ordered((order) => order > 0),
  $gte: ordered((order) => order >= 0),
  $lt: ordered((order) => order < 0),
  $lte: ordered((order) => order <= 0),
  $in: (wanted) => {
    const values = new Set(wanted as FilterValue[]);
    return (value) => values.has(value as FilterValue);
  },
  $startsWith: (wanted) => (value) => typeof value === 'string' && value.startsWith(wanted as string),
  $endsWith: (wanted) => (value) => typeof value === 'string' && value.endsWith(wanted as string),
};

const conditions = (wanted: unknown) => (wanted as FilterCondition[]).map(condition);

const WHOLE: Record<string, (wanted: unknown) => Matcher> = {
  $neq: (wanted) => not(anyItem(COMPARE.$eq(wanted))),
  $nin: (wanted) => not(anyItem(COMPARE.$in(wanted))),
  $exist: (wanted) => (value) => (value !== undefined) === wanted,
  $and: (wanted) => every(conditions(wanted)),
  $or: (wanted) => {
    const alternatives = conditions(wanted);
    return (value) => alternatives.some((matches) => matches(value));
  },
  $not: (wanted) => not(condition(wanted as FilterCondition)),
};
