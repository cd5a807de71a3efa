import { faultsOf, type Operation, OPERATIONS } from './description';

/** What the path of a request of an operation looks like. */
const PATTERNS = new Map(
  OPERATIONS.map((operation) => [
    operation,
    new RegExp(`^${operation.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  ]),
);

/** An answer of the service. */
export interface ReceivedResponse {
  status: number;
  contentType: string | null;
  /** Parsed, where it is JSON; undefined when there is none. */
  body: unknown;
}

/**
 * Fails unless the answer is exactly what docs/openapi.json says of this operation: the status, the content type, and
 * the body, in which nothing may be that is not described.
 */
export function expectDescribed(operationId: string, answer: ReceivedResponse): void {
  const operation = OPERATIONS.find((each) => each.id === operationId);
  if (!operation) throw new Error(`docs/openapi.json has no operation ${operationId}`);
  check(operation, answer);
}

/** The same for the answer to a request, of an operation that is described. */
export function expectDescribedResponse(method: string, path: string, answer: ReceivedResponse): void {
  const operationId = operationAt(method, path);
  if (operationId) expectDescribed(operationId, answer);
}

/**
 * The operation that answers such a request; undefined when there is none.
 *
 * @param path with or without a query
 */
export function operationAt(method: string, path: string): string | undefined {
  const { pathname } = new URL(path, 'http://localhost');
  const matching = OPERATIONS.filter(
    (each) => each.method === method.toUpperCase() && PATTERNS.get(each)!.test(pathname),
  );
  // What is written out counts more than a parameter, as it does for the router.
  return (matching.find((each) => each.path === pathname) ?? matching[0])?.id;
}

function check(
  { id, method, path, described }: Operation,
  { status, contentType, body }: ReceivedResponse,
): void {
  const fail = (fault: string): never => {
    throw new Error(`${id} answered ${status} otherwise than docs/openapi.json says: ${fault}`);
  };
  const response = described.responses[status];
  if (!response) return fail('the status is not described');
  const type = contentType?.split(';')[0];
  if (!response.content) {
    if (body !== undefined) fail('there is a body');
    return;
  }
  if (type === undefined || !(response.content[type] ?? response.content['*/*']))
    return fail(`the content type is ${type}`);
  if (!/[/+]json$/.test(type)) return;
  const place = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
  const faults = faultsOf(body, place);
  if (faults.length > 0) fail(`\n${faults.join('\n')}\n${JSON.stringify(body, null, 2)?.slice(0, 2_000)}`);
}
