/** What a key may do; each includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/**
 * The scope that a request needs.
 *
 * @param route the pattern of the route, such as `/v1/mailboxes/:id`
 */
export function scopeFor(method: string, route: string): Scope {
  if (/^\/v1\/api-keys(\/|$)/.test(route)) return 'admin';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** Whether one of the scopes is the needed one or includes it. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
}
