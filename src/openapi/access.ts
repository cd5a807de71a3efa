import type { OpenAPIObject } from '@nestjs/swagger';
import { addProblems, type Header, type Operation } from '../http/api-problems';
import { ApiKeyRequiredError, MissingScopeError, RateLimitedError } from '../access/access.errors';
import {
  IdempotencyKeyInUseError,
  IdempotencyKeyReusedError,
} from '../access/idempotency/idempotency.errors';
import { operationsOf } from '../http/operations';
import { addRequestProblems } from '../http/request.openapi';
import { InvalidValueError } from '../common/inboxwire.error';
import { scopeFor } from '../access/key/scope';

const numeric = (description: string, example: number): Header => ({
  description,
  schema: { type: 'integer', minimum: 0 },
  example,
});
const text = (description: string, example: string): Header => ({
  description,
  schema: { type: 'string' },
  example,
});

/** Not with what is refused before a key is looked at, and not where limits are off. */
const LIMIT_HEADERS: Record<string, Header> = {
  'RateLimit-Limit': numeric('Requests that the key may send in a minute', 30_000),
  'RateLimit-Remaining': numeric('How many of them are left', 29_995),
  'RateLimit-Reset': numeric('In how many seconds the minute is over', 42),
  'RateLimit-Policy': text('The limit, as newer drafts of the IETF write it', '"key";q=30000;w=60'),
  RateLimit: text('What is left, as newer drafts of the IETF write it', '"key";r=29995;t=42'),
};

const REPLAYED: Record<string, Header> = {
  'Idempotency-Replayed': {
    description: 'This is the answer to an earlier request with the same `Idempotency-Key`',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'Makes it safe to send the request again: for 24 hours it is answered with the first answer (and `Idempotency-Replayed: true`), and not done again',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  example: 'b7c5a1de-9c1b-4f0e-8a57-0d2f6f3f8e11',
};

/** What the check of the header says. */
const NO_IDEMPOTENCY_KEY = new InvalidValueError(
  'Idempotency-Key',
  'Idempotency-Key must be 1 to 255 visible ASCII characters',
);

/** Many answers have the same: each refers to where it is said once. */
const references = (headers: Record<string, Header>) =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Adds to each route of `/v1` what holds for all of them: scopes, refusals, limits and idempotency keys. */
export function describeAccess(document: OpenAPIObject): OpenAPIObject {
  for (const { path, method, operation } of operationsOf(document))
    if (path.startsWith('/v1/')) describe(path, method, operation);
  const { components } = document;
  return {
    ...document,
    components: { ...components, headers: { ...components?.headers, ...LIMIT_HEADERS, ...REPLAYED } },
  };
}

function describe(path: string, method: string, operation: Operation): void {
  const scope = scopeFor(method.toUpperCase(), path);
  const needs = `Needs a key with the scope \`${scope}\`.`;
  operation.description = operation.description ? `${operation.description}\n\n${needs}` : needs;
  const { responses } = operation;
  addProblems(responses, [
    new ApiKeyRequiredError(),
    new MissingScopeError(scope),
    new RateLimitedError(30_000, 42),
  ]);
  addRequestProblems(path, operation);
  if (method === 'post') {
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
    addProblems(responses, [
      NO_IDEMPOTENCY_KEY,
      new IdempotencyKeyReusedError(),
      new IdempotencyKeyInUseError(),
    ]);
  }
  for (const [status, response] of Object.entries(responses)) {
    if (!response || '$ref' in response) continue;
    const replayable = method === 'post' && Number(status) < 500 && !['401', '403', '429'].includes(status);
    const common = { ...LIMIT_HEADERS, ...(replayable && REPLAYED) };
    response.headers = { ...response.headers, ...references(common) };
  }
}
