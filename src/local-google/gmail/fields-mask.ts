import { GmailError } from './gmail-error';
import { SHAPES } from './resource-shapes';

/** A parsed mask: the fields kept, each with the mask of what is below it (empty: all of it). */
export type FieldsMask = Map<string, FieldsMask>;

/**
 * Google's partial responses, `a,b/c,d(e,f/g),*`:
 * https://developers.google.com/workspace/gmail/api/guides/performance#partial
 * An unknown field is refused, as Google does.
 */
export function parseFieldsMask(text: string, shape: string): FieldsMask {
  const reader = { text: text.replaceAll(/\s/g, ''), at: 0 };
  const mask = readList(reader);
  if (reader.at < reader.text.length) throw invalidSelection(reader.text.slice(reader.at));
  checkShape(mask, shape);
  return mask;
}

export function applyFieldsMask(value: unknown, mask: FieldsMask): unknown {
  if (mask.size === 0 || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => applyFieldsMask(item, mask));
  const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
    const below = mask.get(name) ?? mask.get('*');
    const isLeaf = child === null || typeof child !== 'object';
    return below === undefined || (isLeaf && below.size > 0) ? [] : [[name, applyFieldsMask(child, below)]];
  });
  return Object.fromEntries(kept);
}

interface Reader {
  text: string;
  at: number;
}

function readList(reader: Reader): FieldsMask {
  const mask: FieldsMask = new Map();
  do readItem(reader, mask);
  while (take(reader, ','));
  return mask;
}

function readItem(reader: Reader, into: FieldsMask): void {
  const name = /^(\*|[A-Za-z][\w-]*)/.exec(reader.text.slice(reader.at))?.[0];
  if (name === undefined) throw invalidSelection(reader.text.slice(reader.at) || reader.text);
  reader.at += name.length;
  const below: FieldsMask = new Map();
  if (take(reader, '/')) readItem(reader, below);
  else if (take(reader, '(')) {
    merge(below, readList(reader));
    if (!take(reader, ')')) throw invalidSelection(reader.text);
  }
  addTo(into, name, below);
}

function take(reader: Reader, char: string): boolean {
  if (reader.text[reader.at] !== char) return false;
  reader.at += 1;
  return true;
}

function merge(into: FieldsMask, from: FieldsMask): void {
  for (const [name, below] of from) addTo(into, name, below);
}

/** A field named twice keeps the union; named whole, it stays whole. */
function addTo(into: FieldsMask, name: string, below: FieldsMask): void {
  const known = into.get(name);
  if (known === undefined) into.set(name, below);
  else if (known.size === 0 || below.size === 0) known.clear();
  else merge(known, below);
}

function checkShape(mask: FieldsMask, shapeName: string): void {
  const shape = SHAPES[shapeName] ?? {};
  for (const [name, below] of mask) {
    const field = name === '*' ? true : shape[name];
    if (field === undefined || (field === true && name !== '*' && below.size > 0))
      throw invalidSelection(name);
    if (typeof field === 'string') checkShape(below, field);
  }
}

function invalidSelection(field: string): GmailError {
  return new GmailError(400, 'invalidParameter', `Invalid field selection ${field}`, {
    location: 'fields',
    locationType: 'parameter',
  });
}
