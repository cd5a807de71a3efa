import type { OpenAPIObject } from '@nestjs/swagger';
import { scopeFor } from './key/scope';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], undefined | { $ref: string }>;
type Header = NonNullable<Response['headers']>[string];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const numeric = (description: string): Header => ({ description, schema: { type: 'integer' } });

const LIMIT_HEADERS: Record<string, Header> = {
  'RateLimit-Limit': numeric('Requests that the key may send in a minute'),
  'RateLimit-Remaining': numeric('How many of them are left'),
  'RateLimit-Reset': numeric('In how many seconds the minute is over'),
};

const problem = (description: string, headers: Record<string, Header> = {}): Response => ({
  description,
  headers,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const REFUSALS: Record<string, Response> = {
  401: problem('`unauthorized`: the key is missing, unknown, revoked or expired'),
  403: problem('`missing_scope`: the key lacks the scope `requiredScope`'),
  429: problem('`rate_limited`: too many requests in a minute', {
    ...LIMIT_HEADERS,
    'Retry-After': numeric('In how many seconds to try again'),
  }),
};

const CONFLICTS =
  '`idempotency_key_reused`: the key came with another request; `idempotency_key_in_use`: that request is still being answered';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'Makes it safe to send the request again: for 24 hours it is answered with the first answer (and `Idempotency-Replayed: true`), and not done again',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
};

/** Adds to each route of `/v1` what holds for all of them: scopes, refusals, limits and idempotency keys. */
export function describeAccess(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith('/v1/')) continue;
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) describe(operation, method, scopeFor(method.toUpperCase(), path));
    }
  }
  return document;
}

function describe(operation: Operation, method: string, scope: string): void {
  const needs = `Needs a key with the scope \`${scope}\`.`;
  operation.description = operation.description ? `${operation.description}\n\n${needs}` : needs;
  for (const response of Object.values(operation.responses))
    if (response && !('$ref' in response)) response.headers = { ...response.headers, ...LIMIT_HEADERS };
  operation.responses = { ...operation.responses, ...REFUSALS };
  if (method !== 'post') return;
  operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  const own = operation.responses['409'];
  const said = own && 'description' in own && own.description ? `${own.description}; ` : '';
  operation.responses['409'] = problem(said + CONFLICTS, LIMIT_HEADERS);
}
