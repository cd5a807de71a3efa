import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from './access.errors';

const MINUTE_MS = 60_000;

/** How many requests without a good key an address may send in a minute. A good key is never refused because of them. */
const MAX_UNAUTHENTICATED = 1_000;

/** How many keys, and addresses of unauthenticated clients, are counted at the same time. */
const MAX_COUNTED = 10_000;

/** Counts requests in windows of a minute. Each process counts its own. */
export interface RateLimits {
  /** Counts a request of its caller. @throws RateLimitedError */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts a request without a good key by its address. @throws RateLimitedError */
  countUnauthenticated(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const NO_LIMITS: RateLimits = {
  count: async () => undefined,
  countUnauthenticated: async () => undefined,
};

/** @param perMinute for each key; 0 for no limits at all */
export async function rateLimits(server: FastifyInstance, perMinute: number): Promise<RateLimits> {
  if (perMinute === 0) return NO_LIMITS;
  await server.register(rateLimit, { global: false, timeWindow: MINUTE_MS, cache: MAX_COUNTED });
  const keys = server.createRateLimit({ max: perMinute, keyGenerator: ({ caller }) => caller!.id });
  const addresses = server.createRateLimit({ max: Math.min(perMinute, MAX_UNAUTHENTICATED) });
  return {
    count: async (request, reply) => check('key', await keys(request), reply),
    countUnauthenticated: async (request, reply) => check('address', await addresses(request), reply),
  };
}

type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

/**
 * The headers in both forms in use: three numbers, as in the drafts up to 7, and policy and state, as in those since.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
function check(policy: string, count: Count, reply: FastifyReply): void {
  if (count.isAllowed) return;
  const { max, remaining, ttlInSeconds, isExceeded } = count;
  void reply
    .header('ratelimit-limit', max)
    .header('ratelimit-remaining', remaining)
    .header('ratelimit-reset', ttlInSeconds)
    .header('ratelimit-policy', `"${policy}";q=${max};w=${MINUTE_MS / 1_000}`)
    .header('ratelimit', `"${policy}";r=${remaining};t=${ttlInSeconds}`);
  if (isExceeded) throw new RateLimitedError(max, ttlInSeconds);
}
