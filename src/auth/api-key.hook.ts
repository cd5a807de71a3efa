import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ApiKeyRequiredError } from '../common/http/api-key-required.error';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets only those who know the API key into `/v1`, before anything else of their request is read. Judged by the pattern
 * of the route and not by the URL as it was sent, which can be spelled in several ways. Digests are compared, so that
 * time tells neither content nor length.
 */
export function requireApiKey(server: FastifyInstance, apiKey: string): void {
  const expected = digest(apiKey);
  server.addHook('onRequest', (request, _reply, done) => {
    if (!/^\/v1(\/|$)/.test(request.routeOptions.url ?? '')) return done();
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const known = key !== undefined && timingSafeEqual(digest(key), expected);
    done(known ? undefined : new ApiKeyRequiredError());
  });
}
