import { InvalidValueError } from '../common/inboxwire.error';
import { addProblems, type Operation } from './api-problems';
import { MalformedBodyError, NotJsonError, UnavailableError, ValidationFailedError } from './http.errors';

/** A fault that any query and any body can have. */
const UNKNOWN_FIELD = new ValidationFailedError([
  { path: 'colour', message: 'colour is unknown: there are after, mailboxId, types, limit' },
]);

/** What the router says of a path that it cannot decode. */
export const MALFORMED_PATH = new InvalidValueError(
  '',
  "'/v1/%E0%A4%A' is not a valid url component",
  'malformed_path',
);

/** What Fastify says of a body above its limit. */
export const TOO_LARGE = Object.assign(new Error('Request body is too large'), { statusCode: 413 });

/** How any route may fail that needs the database. */
export const UNAVAILABLE = new UnavailableError();

/** Adds to a route of the API how it may be refused because of the request's form, and that the database may be away. */
export function addRequestProblems(path: string, operation: Operation): void {
  const { responses, requestBody, parameters = [] } = operation;
  const hasQuery = parameters.some((parameter) => 'in' in parameter && parameter.in === 'query');
  if (hasQuery || requestBody) addProblems(responses, [UNKNOWN_FIELD]);
  if (path.includes('{')) addProblems(responses, [MALFORMED_PATH]);
  if (requestBody)
    addProblems(responses, [
      new MalformedBodyError('line 1, column 9 (value expected)'),
      TOO_LARGE,
      new NotJsonError(),
    ]);
  addProblems(responses, [UNAVAILABLE]);
}
