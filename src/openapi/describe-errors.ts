import type { OpenAPIObject } from '@nestjs/swagger';
import { type Operation, operationsOf, type Response, responsesOf } from './operations';

const PROBLEM = '#/components/schemas/Problem';

/** What may become of any request, whatever it asks for. */
const ANY_REQUEST: Record<number, string> = {
  408: '`request_timeout`: the request did not arrive in full within 30 s',
  431: '`headers_too_large`: the path and the headers are more than 16 KiB together',
  500: '`internal_error`: a fault of ours, in the log under `requestId`',
};

/**
 * Adds the errors that any request may meet, and says of all errors that they are `application/problem+json`
 * (RFC 9457), which Nest's decorators cannot say.
 */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    addGeneral(operation);
    for (const [status, response] of responsesOf(operation)) if (status >= 400) asProblem(response);
  }
  return document;
}

function addGeneral(operation: Operation): void {
  for (const [status, description] of Object.entries(ANY_REQUEST))
    operation.responses[status] ??= {
      description,
      content: { 'application/json': { schema: { $ref: PROBLEM } } },
    };
}

function asProblem(response: Response): void {
  const answer = Object.values(response.content ?? {}).find(({ schema }) => isProblem(schema));
  if (answer) response.content = { 'application/problem+json': answer };
}

function isProblem(schema: object | undefined): boolean {
  return schema !== undefined && '$ref' in schema && schema.$ref === PROBLEM;
}
