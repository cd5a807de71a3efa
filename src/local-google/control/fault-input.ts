import type { FaultOptions } from '../faults';
import { METHOD_NAMES } from '../method-names';
import { checkFields, ControlError, type Fields } from './fields';

/** A fault as it is written in JSON, or on the command line. */
export type FaultInput = Omit<FaultOptions, 'path' | 'body'>;

export const FAULT_FIELDS: Fields = {
  method: 'string',
  account: 'string',
  status: 'number',
  reason: 'string',
  message: 'string',
  retryAfter: 'number',
  delayMs: 'number',
  hang: 'boolean',
  dropConnection: 'boolean',
  when: 'string',
  times: 'number',
  skip: 'number',
};

/** What a timer of Node can wait: a longer one would not wait at all. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The numbers, and what they may be. */
const WHOLE_NUMBERS = [
  ['retryAfter', 0, Number.MAX_SAFE_INTEGER],
  ['delayMs', 0, MAX_DELAY_MS],
  ['skip', 0, Number.MAX_SAFE_INTEGER],
  ['times', 1, Number.MAX_SAFE_INTEGER],
] as const;

/** @throws ControlError for a fault that could never hit, such as one of a method that is misspelt */
export function faultOptions(input: FaultInput): FaultOptions {
  const { method, status, when, hang, dropConnection, delayMs, reason } = input;
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599))
    throw new ControlError(400, '"status" must be an HTTP status from 200 to 599.');
  for (const [name, least, most] of WHOLE_NUMBERS) {
    const value = input[name] ?? least;
    if (value < least) throw new ControlError(400, `"${name}" must not be less than ${least}.`);
    if (value > most) throw new ControlError(400, `"${name}" must not be more than ${most}.`);
    if (!Number.isInteger(value)) throw new ControlError(400, `"${name}" must be a whole number.`);
  }
  if (method !== undefined && !METHOD_NAMES.includes(method))
    throw new ControlError(400, `There is no method "${method}". Methods: ${METHOD_NAMES.join(', ')}.`);
  if (when !== undefined && when !== 'before' && when !== 'after')
    throw new ControlError(400, '"when" must be before or after.');
  if (status === undefined && reason === undefined && !hang && !dropConnection && delayMs === undefined)
    throw new ControlError(400, 'A fault needs a status, a reason, delayMs, hang or dropConnection.');
  return input;
}

/** `method=gmail.users.history.list,status=503,times=3`, as `--fault` takes it. */
export function parseFault(text: string): FaultOptions {
  const given = text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw new ControlError(400, `"${part}" of --fault must be name=value.`);
    const name = part.slice(0, at).trim();
    return [name, typed(name, part.slice(at + 1).trim())] as const;
  });
  return faultOptions(checkFields<FaultInput>(Object.fromEntries(given), FAULT_FIELDS));
}

function typed(name: string, value: string): unknown {
  const kind = FAULT_FIELDS[name];
  if (kind === 'number' && value !== '') return Number(value);
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
