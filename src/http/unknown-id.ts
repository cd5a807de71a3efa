import type { IdPrefix } from '../common/id';
import { EXAMPLE_ID } from './problem';

/** How many of a kind are named to whoever has sent an id that none of them has; of more, the list is named. */
export const MAX_NAMED = 3;

/** What a field of a request takes the id of. */
export interface IdField {
  kind: keyof typeof KINDS;
  /** Where those that exist are listed. */
  list: string;
  /** Each with what a person knows it by. Up to `MAX_NAMED` are all that exist; more, or none given, stand for many. */
  existing?: readonly { id: string; name: string }[];
}

const KINDS = {
  mailbox: { prefix: 'mbx', a: 'a mailbox' },
  event: { prefix: 'evt', a: 'an event' },
  endpoint: { prefix: 'end', a: 'an endpoint' },
  delivery: { prefix: 'dlv', a: 'a delivery' },
  connectSession: { prefix: 'cns', a: 'a connect session' },
  apiKey: { prefix: 'key', a: 'an API key' },
} as const satisfies Record<string, { prefix: IdPrefix; a: string }>;

/** Why a text is refused that is no id of what the field takes, and what there is instead. */
export function unknownId(text: string, { kind, list, existing }: IdField): string {
  const { a } = KINDS[kind];
  const other = Object.values(KINDS).find(({ prefix }) => text.startsWith(`${prefix}_`));
  const isOther = other !== undefined && other.a !== a;
  const fault = isOther
    ? `${text} is the id of ${other.a}, not of ${a}`
    : `there is no ${kind} ${text || '""'}`;
  if (existing?.length === 0) return `${fault}: there is none yet`;
  if (existing && existing.length <= MAX_NAMED)
    return `${fault}: there is ${existing.map(({ id, name }) => `${id} (${name})`).join(', ')}`;
  return `${fault}: ids look like ${EXAMPLE_ID[kind]}, and GET ${list} lists those that there are`;
}
