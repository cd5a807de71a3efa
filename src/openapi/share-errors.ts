import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation, Response } from '../http/api-problems';
import { operationsOf } from '../http/operations';

type Place = [responses: Operation['responses'], status: string];

/** Says the errors that several operations are answered with once, as components that these refer to. */
export function shareErrors(document: OpenAPIObject): OpenAPIObject {
  const shared: Record<string, Response> = {};
  for (const places of sameErrors(document)) {
    if (places.length === 1) continue;
    const [responses, status] = places[0]!;
    const response = responses[status] as Response;
    const name = freeName(`${status}-${codesOf(response).join('-')}`, shared);
    shared[name] = response;
    for (const [operation] of places) operation[status] = { $ref: `#/components/responses/${name}` };
  }
  const { components } = document;
  return { ...document, components: { ...components, responses: { ...components?.responses, ...shared } } };
}

/** Where the same error is, for each error of the routes. */
function sameErrors(document: OpenAPIObject): Place[][] {
  const places = new Map<string, Place[]>();
  for (const { operation } of operationsOf(document))
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const key = JSON.stringify([status, response]);
      places.set(key, [...(places.get(key) ?? []), [operation.responses, status]]);
    }
  return [...places.values()];
}

function codesOf({ content }: Response): string[] {
  return Object.keys(content?.['application/problem+json']?.examples ?? {});
}

/** The same codes can come with other words: of a mailbox, or of an endpoint. */
function freeName(wanted: string, taken: object): string {
  let name = wanted;
  for (let n = 2; name in taken; n++) name = `${wanted}-${n}`;
  return name;
}
