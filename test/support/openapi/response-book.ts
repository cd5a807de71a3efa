import type { Problem } from '../api-types';
import { expectDescribed } from './described-responses';
import { description, type Operation, OPERATIONS } from './description';
import type { Received } from './ask';
import { type DescribedMedia, type DescribedResponse, nameOf } from './openapi-document';
import { differencesOfShape } from './same-shape';

/** The codes with which the operation may be refused, as the examples of its description have them. */
export function codesOf({ described }: Operation): string[] {
  return Object.values(described.responses).flatMap(({ content = {} }) =>
    Object.keys(content['application/problem+json']?.examples ?? {}),
  );
}

const keyOf = (operation: Operation, status: string | number, code?: string) =>
  [operation.id, status, code].filter(Boolean).join(' ');

/** Real answers, each held against the description as it comes: what has come, and what has not. */
export class ResponseBook {
  private readonly seen = new Set<string>();

  /** Fails unless the answer is as described, headers and examples included. */
  note(operation: Operation, answer: Received): void {
    expectDescribed(operation.id, answer);
    const { headers = {}, content = {} } = operation.described.responses[answer.status]!;
    const faults = faultsOfHeaders(headers, answer.headers);
    this.seen.add(keyOf(operation, answer.status));
    const examples = examplesOf(content[answer.contentType?.split(';')[0] ?? '']);
    const lies = examples.map(([name, example]) => [name, liesOf(example, answer.body)] as const);
    const fitting = lies.find(([, { length }]) => length === 0);
    if (fitting) this.seen.add(keyOf(operation, answer.status, fitting[0]));
    else faults.push(...lies.flatMap(([name, places]) => places.map((place) => `example ${name}: ${place}`)));
    if (faults.length > 0) throw new Error(`${operation.id} answered ${answer.status}: ${faults.join('; ')}`);
  }

  /** Every status of every operation, and every example of it, that nothing has been answered with so far. */
  missing(): string[] {
    return OPERATIONS.flatMap((operation) =>
      Object.entries(operation.described.responses).flatMap(([status, { content = {} }]) => [
        keyOf(operation, status),
        ...Object.values(content).flatMap((media) =>
          examplesOf(media).map(([name]) => keyOf(operation, status, name)),
        ),
      ]),
    ).filter((key) => !this.seen.has(key));
  }
}

/** The examples of a media type by their names. */
function examplesOf(media: DescribedMedia | undefined): [name: string, value: unknown][] {
  if (media?.example !== undefined) return [['example', media.example]];
  return Object.entries(media?.examples ?? {}).map(([name, { value }]) => [name, value]);
}

/** What of an example is not so in truth. That of an error is for its code only. */
function liesOf(example: unknown, body: unknown): string[] {
  if (body === undefined) return [];
  const [code, given] = [codeOf(example), codeOf(body)];
  if (code !== given) return [`for ${code}, and this is ${given}`];
  return differencesOfShape(example, body);
}

function codeOf(value: unknown): string | undefined {
  return (value as Partial<Problem> | null)?.code;
}

function faultsOfHeaders(described: Required<DescribedResponse>['headers'], headers: Headers): string[] {
  return Object.entries(described).flatMap(([name, header]) => {
    const { required, schema } = '$ref' in header ? description.components.headers[nameOf(header)]! : header;
    const value = headers.get(name);
    if (value === null) return required ? [`the header ${name} is missing`] : [];
    return schema.type === 'integer' && !/^\d+$/.test(value) ? [`the header ${name} is ${value}`] : [];
  });
}
