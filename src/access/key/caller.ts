import type { Scope } from './scope';

/** Whose key a request brings. */
export interface Caller {
  /** The id of the key, or `bootstrap` for the API_KEY of the settings. */
  id: string;
  scopes: readonly Scope[];
  /** What the key is found by; null for the API_KEY, which cannot be revoked. */
  digest: Buffer | null;
}

/** Whoever brings the API_KEY of the settings. */
export const BOOTSTRAP: Caller = { id: 'bootstrap', scopes: ['admin'], digest: null };

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside of `/v1` and `/mcp`. */
    caller: Caller | null;
  }
}
