/** A request that the control API refuses, with what would be accepted. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

type Kind = 'string' | 'strings' | 'number' | 'boolean' | 'any';

/** What a body may hold; a name that ends in `!` must be there. */
export type Fields = Readonly<Record<string, Kind>>;

/** Reads the named fields of a JSON body, and refuses all others. */
export function readFields<T>(body: Buffer, fields: Fields): T {
  return checkFields(parse(body), fields);
}

export function checkFields<T>(given: Record<string, unknown>, fields: Fields): T {
  const kinds = new Map(Object.entries(fields).map(([name, kind]) => [name.replace('!', ''), kind]));
  for (const [name, value] of Object.entries(given)) {
    const kind = kinds.get(name);
    if (kind === undefined)
      throw new ControlError(400, `There is no field "${name}". Fields: ${[...kinds.keys()].join(', ')}.`);
    if (!isOf(kind, value)) throw new ControlError(400, `"${name}" must be ${IN_WORDS[kind]}.`);
  }
  for (const name of Object.keys(fields))
    if (name.endsWith('!') && given[name.slice(0, -1)] === undefined)
      throw new ControlError(400, `"${name.slice(0, -1)}" is missing.`);
  return given as T;
}

const IN_WORDS: Record<Kind, string> = {
  string: 'a string on one line',
  strings: 'an array of strings',
  number: 'a number',
  boolean: 'true or false',
  any: 'any JSON',
};

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'any') return true;
  if (kind === 'strings') return Array.isArray(value) && value.every((item) => isOf('string', item));
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === kind;
}

function parse(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // What is no JSON is refused like what is no object.
  }
  throw new ControlError(400, 'The body must be a JSON object.');
}
