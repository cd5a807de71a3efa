import { FILTER_OPERATORS, type FilterOperator, isObject, isValue } from './event-filter';

/** What is wrong with a filter, and where. */
export interface FilterFault {
  path: string;
  message: string;
}

const MAX_BYTES = 4 * 1024;
const MAX_LEVELS = 8;
const MAX_CONDITIONS = 50;

/** Every fault of what is given as a filter; none when it is one. */
export function filterFaults(filter: unknown, path = 'filter'): FilterFault[] {
  if (!isObject(filter)) return [{ path, message: 'must be an object of the shape of an event, or null' }];
  if (Buffer.byteLength(JSON.stringify(filter)) > MAX_BYTES)
    return [{ path, message: `must not be larger than ${MAX_BYTES} bytes as JSON` }];
  const found: Findings = { faults: [], conditions: 0 };
  inspectObject(filter, path, 1, found);
  if (found.conditions > MAX_CONDITIONS)
    found.faults.push({ path, message: `must not have more than ${MAX_CONDITIONS} conditions` });
  return found.faults;
}

interface Findings {
  faults: FilterFault[];
  conditions: number;
}

function inspectObject(filter: Record<string, unknown>, path: string, level: number, found: Findings): void {
  if (level > MAX_LEVELS) {
    found.faults.push({ path, message: `is deeper than ${MAX_LEVELS} levels` });
    return;
  }
  for (const [key, value] of Object.entries(filter)) {
    const at = `${path}.${key}`;
    if (!isStorable(key)) found.faults.push({ path: at, message: `is ${UNSTORABLE}` });
    else if (!key.startsWith('$')) inspectField(value, at, level, found);
    else if (isOperator(key)) inspectOperator(key, value, at, level, found);
    else found.faults.push({ path: at, message: `is no operator: there are ${FILTER_OPERATORS.join(', ')}` });
  }
}

function inspectField(value: unknown, path: string, level: number, found: Findings): void {
  if (isObject(value)) inspectObject(value, path, level + 1, found);
  else if (isValue(value)) inspectValues([value], path, found);
  else
    found.faults.push({ path, message: 'must be a value or an object; for one of several values, use $in' });
}

function inspectOperator(
  operator: FilterOperator,
  value: unknown,
  path: string,
  level: number,
  found: Findings,
): void {
  if (!KINDS[operator].accepts(value)) {
    found.faults.push({ path, message: `must be ${KINDS[operator].name}` });
  } else if (isObject(value)) {
    inspectObject(value, path, level + 1, found);
  } else if (Array.isArray(value) && value.every(isObject)) {
    value.forEach((one, index) => inspectObject(one, `${path}.${index}`, level + 1, found));
  } else {
    inspectValues([value].flat(), path, found);
  }
}

function inspectValues(values: unknown[], path: string, found: Findings): void {
  found.conditions += 1;
  if (!values.every(isStorable)) found.faults.push({ path, message: `must not be ${UNSTORABLE}` });
}

/** What the database cannot read again, and JSON cannot write: one such filter would keep deliveries to others from being recorded. */
const UNSTORABLE = 'text with NUL characters or halves of surrogate pairs, or a number that is too large';

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  return typeof value !== 'number' || Number.isFinite(value);
}

const isOperator = (key: string): key is FilterOperator =>
  (FILTER_OPERATORS as readonly string[]).includes(key);

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.length > 0 && value.every(isItem);
}

interface Kind {
  name: string;
  accepts: (value: unknown) => boolean;
}

const VALUE: Kind = { name: 'a text, a number, true, false or null', accepts: isValue };
const LIST: Kind = {
  name: 'a list of texts, numbers, true, false or null, with at least one of them',
  accepts: (value) => isList(value, isValue),
};
const ORDERED: Kind = {
  name: 'a number or a text',
  accepts: (value) => ['number', 'string'].includes(typeof value),
};
const TEXT: Kind = { name: 'a text', accepts: (value) => typeof value === 'string' };
const OBJECTS: Kind = {
  name: 'a list of objects, with at least one of them',
  accepts: (value) => isList(value, isObject),
};

/** What each operator takes. */
const KINDS: Record<FilterOperator, Kind> = {
  $eq: VALUE,
  $neq: VALUE,
  $gt: ORDERED,
  $gte: ORDERED,
  $lt: ORDERED,
  $lte: ORDERED,
  $in: LIST,
  $nin: LIST,
  $exist: { name: 'true or false', accepts: (value) => typeof value === 'boolean' },
  $startsWith: TEXT,
  $endsWith: TEXT,
  $and: OBJECTS,
  $or: OBJECTS,
  $not: { name: 'an object', accepts: isObject },
};
