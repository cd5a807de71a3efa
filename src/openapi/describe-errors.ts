import type { OpenAPIObject } from '@nestjs/swagger';
import { addProblems } from '../http/api-problems';
import { HeadersTooLargeError, RequestTimeoutError } from '../http/client-error';
import { operationsOf } from '../common/http/operations';

/** What may become of any request, whatever it asks for. */
const ANY_REQUEST = [
  new RequestTimeoutError(),
  new HeadersTooLargeError(),
  new Error('something unforeseen'),
];

/** Adds the errors that any request may meet. */
export function describeErrors(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) addProblems(operation.responses, ANY_REQUEST);
  return document;
}
