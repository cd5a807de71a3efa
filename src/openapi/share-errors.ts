import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation, Response } from '../http/api-problems';
import { operationsOf } from '../http/operations';

type Location = [responses: Operation['responses'], status: string];

/** Says the errors that several operations are answered with once, as components that these refer to. */
export function shareErrors(document: OpenAPIObject): OpenAPIObject {
  const shared: Record<string, Response> = {};
  for (const locations of sameErrors(document)) {
    if (locations.length === 1) continue;
    const [responses, status] = locations[0]!;
    const response = responses[status] as Response;
    const name = freeName(`${status}-${codesOf(response).join('-')}`, shared);
    shared[name] = response;
    for (const [operation] of locations) operation[status] = { $ref: `#/components/responses/${name}` };
  }
  const { components } = document;
  return { ...document, components: { ...components, responses: { ...components?.responses, ...shared } } };
}

/** Where the same error is, for each error of the routes. */
function sameErrors(document: OpenAPIObject): Location[][] {
  const locations = new Map<string, Location[]>();
  for (const { operation } of operationsOf(document))
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const key = JSON.stringify([status, response]);
      locations.set(key, [...(locations.get(key) ?? []), [operation.responses, status]]);
    }
  return [...locations.values()];
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
