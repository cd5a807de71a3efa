import { MCP_ROUTE } from '../../common/mcp-route';

/** What a key may do; each includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/**
 * The scope that a request needs.
 *
 * @param route the pattern of the route, such as `/v1/mailboxes/:id`
 */
export function scopeFor(method: string, route: string): Scope {
  // Each of its tools asks for the scope that it needs.
  if (route === MCP_ROUTE) return 'read';
  if (/^\/v1\/api-keys(\/|$)/.test(route)) return 'admin';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/** Whether one of the scopes is the needed one or includes it. */
export function allows(scopes: readonly Scope[], needed: Scope): boolean {
  return scopes.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
}
