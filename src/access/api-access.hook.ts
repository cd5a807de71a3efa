import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeyRequiredError, MissingScopeError } from './access.errors';
import { MCP_ROUTE } from '../common/mcp-route';
import { STREAM_ROUTE } from '../common/stream-route';
import { ApiSettings, SecretSettings } from '../config/settings';
import { BOOTSTRAP, type Caller } from './key/caller';
import { digestOf, looksLikeKey } from './key/key-text';
import { ApiKeyUsage } from './key/api-key-usage.service';
import { ApiKeyCache } from './key/api-key-cache.service';
import { StreamConnections } from './key/stream-connections.service';
import { allows, scopeFor } from './key/scope';
import { type RateLimits, rateLimits } from './rate-limits';

/**
 * Lets only those with a key into `/v1` and `/mcp`, as often and as far as it allows, before anything else of their request is
 * read. Decided by the pattern of the route and not by the URL as it was sent, which can be spelled in several ways.
 */
@Injectable()
export class ApiAccessHook {
  private readonly bootstrap: Buffer;
  private limits!: RateLimits;

  constructor(
    secrets: SecretSettings,
    private readonly settings: ApiSettings,
    private readonly keys: ApiKeyCache,
    private readonly uses: ApiKeyUsage,
    private readonly streams: StreamConnections,
  ) {
    this.bootstrap = digestOf(secrets.apiKey);
  }

  /** Call before there are routes: hooks guard those that come after them. */
  async guard(server: FastifyInstance): Promise<void> {
    this.limits = await rateLimits(server, this.settings.rateLimit);
    server.decorateRequest('caller', null);
    server.addHook('onRequest', async (request, reply) => {
      const route = request.routeOptions.url ?? '';
      if (route === MCP_ROUTE || /^\/v1(\/|$)/.test(route)) await this.admit(request, reply, route);
    });
  }

  private async admit(request: FastifyRequest, reply: FastifyReply, route: string): Promise<void> {
    const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = await this.callerOf(key, request, reply);
    request.caller = caller;
    await this.count(request, reply);
    const needed = scopeFor(request.method, route);
    if (!allows(caller.scopes, needed)) throw new MissingScopeError(needed);
    if (route === STREAM_ROUTE || route === MCP_ROUTE) this.streams.add(caller, reply.raw);
    if (route === STREAM_ROUTE) {
      // It is written past Fastify, which would leave these out.
      for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, value!);
    }
  }

  /** Counts a request of its caller that came in another way, or is more than one. @throws RateLimitedError */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.limits.count(request, reply);
  }

  /** Whose key it is. @throws ApiKeyRequiredError, or RateLimitedError for who has brought too many wrong ones */
  async callerOf(key: string | undefined, request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
    if (key !== undefined) {
      const digest = digestOf(key);
      // Digests are compared, so that the time depends on neither content nor length.
      if (timingSafeEqual(digest, this.bootstrap)) return BOOTSTRAP;
      const caller = looksLikeKey(key) ? await this.keys.find(digest) : undefined;
      if (caller) {
        this.uses.record(caller.id);
        return caller;
      }
    }
    await this.limits.countUnauthenticated(request, reply);
    throw new ApiKeyRequiredError();
  }
}
