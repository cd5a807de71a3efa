import type { VNode } from 'preact';
import { HIDDEN } from '../../delivery/api/endpoint-headers';
import type { Endpoint } from '../../delivery/endpoint/endpoint.types';
import { Field } from '../layout/components';
import type { FormFaults } from './form-faults';

/** What an endpoint may ask for besides, as the form shows it. */
export interface Conditions {
  filter: string;
  rateLimit: string;
  headers: string;
}

export const CONDITION_FIELDS = ['filter', 'rateLimit', 'headers'] as const;

export const NO_CONDITIONS: Conditions = { filter: '', rateLimit: '', headers: '' };

/** Values of headers are hidden in it already. */
export function conditionsOf({ filter, rateLimit, headers }: Endpoint): Conditions {
  return {
    filter: filter === null ? '' : JSON.stringify(filter, null, 2),
    rateLimit: rateLimit === null ? '' : String(rateLimit),
    headers: Object.entries(headers ?? {})
      .map(([name, hidden]) => `${name}: ${hidden}`)
      .join('\n'),
  };
}

export function sentConditions(form: URLSearchParams): Conditions {
  const sent = (name: string) => form.get(name)?.replaceAll('\r\n', '\n').trim() ?? '';
  return { filter: sent('filter'), rateLimit: sent('rateLimit'), headers: sent('headers') };
}

/**
 * The fields of the API's body. What is no JSON or no number goes on as it is, and is refused there.
 *
 * @param shown what the form showed: headers that are as they were stay
 */
export function readConditions(sent: Conditions, shown = NO_CONDITIONS): object {
  return {
    filter: sent.filter === '' ? null : parsed(sent.filter),
    rateLimit: sent.rateLimit === '' ? null : Number(sent.rateLimit),
    ...(sent.headers !== shown.headers && { headers: headersOf(sent.headers) }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function headersOf(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return null;
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

export function ConditionFields({ values, faults }: { values: Conditions; faults: FormFaults }): VNode {
  return (
    <>
      <Field
        label="Filter"
        name="filter"
        hint={
          <>
            Conditions on the event, as JSON: <code>{'{"data": {"labelIds": "IMPORTANT"}}'}</code>. Empty:
            none.
          </>
        }
        error={faults.filter}
      >
        {(described) => (
          <textarea {...described} name="filter" rows={4} spellcheck={false}>
            {values.filter}
          </textarea>
        )}
      </Field>
      <Field
        label="Rate limit"
        name="rateLimit"
        hint="Attempts a second at most, 0.1 to 1,000. Empty: unlimited."
        error={faults.rateLimit}
      >
        {(described) => (
          <input {...described} name="rateLimit" value={values.rateLimit} inputMode="decimal" size={8} />
        )}
      </Field>
      <Field
        label="Headers"
        name="headers"
        hint={`For a receiver with an authentication of its own: one a line, as “name: value”. Values that are kept are shown as ${HIDDEN}. To change one, write all of them anew.`}
        error={faults.headers}
      >
        {(described) => (
          <textarea {...described} name="headers" rows={3} spellcheck={false} autocomplete="off">
            {values.headers}
          </textarea>
        )}
      </Field>
    </>
  );
}
