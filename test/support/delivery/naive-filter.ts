/* A filter as its description reads, without a thought of speed: what the real ones are compared with. */

type Json = unknown;

const items = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
const some = (value: Json, holds: (item: Json) => boolean): boolean =>
  Array.isArray(value) ? value.some((item) => some(item, holds)) : holds(value);

const whole = ['$neq', '$nin', '$exist', '$and', '$or', '$not'];

/** Whether a value, undefined for none, satisfies a condition. */
export function naiveMatch(value: Json, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null) return some(value, (item) => item === wanted);
  const entries = Object.entries(wanted);
  const alone = entries.filter(([key]) => whole.includes(key));
  const together = entries.filter(([key]) => !whole.includes(key));
  return (
    alone.every(([key, inner]) => holdsForWhole(value, key, inner)) &&
    (together.length === 0 ||
      some(value, (item) => together.every(([key, inner]) => holdsForItem(item, key, inner))))
  );
}

function holdsForWhole(value: Json, key: string, inner: Json): boolean {
  if (key === '$neq') return !naiveMatch(value, { $eq: inner });
  if (key === '$nin') return !naiveMatch(value, { $in: inner });
  if (key === '$exist') return (value !== undefined) === inner;
  if (key === '$not') return !naiveMatch(value, inner);
  const all = items(inner).map((one) => naiveMatch(value, one));
  return key === '$and' ? !all.includes(false) : all.includes(true);
}

function holdsForItem(item: Json, key: string, inner: Json): boolean {
  if (key === '$eq') return item === inner;
  if (key === '$in') return items(inner).some((one) => one === item);
  if (key === '$startsWith') return typeof item === 'string' && item.indexOf(inner as string) === 0;
  if (key === '$endsWith')
    return (
      typeof item === 'string' && [...Array(item.length + 1).keys()].some((n) => item.slice(n) === inner)
    );
  if (key.startsWith('$')) return inOrder(item, key, inner);
  const isObject = typeof item === 'object' && item !== null && Object.keys(item).includes(key);
  return naiveMatch(isObject ? (item as Record<string, Json>)[key] : undefined, inner);
}

function inOrder(item: Json, key: string, inner: Json): boolean {
  const isText = typeof inner === 'string';
  if (typeof item !== typeof inner || !(isText || typeof inner === 'number')) return false;
  const [one, other] = isText
    ? [Buffer.from(item as string).toString('hex'), Buffer.from(inner).toString('hex')]
    : [item as number, inner];
  if (key === '$gt') return one > other;
  if (key === '$gte') return one >= other;
  return key === '$lt' ? one < other : one <= other;
}
