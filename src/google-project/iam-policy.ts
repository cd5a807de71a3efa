import { setTimeout as delay } from 'node:timers/promises';
import type { GoogleApiClient } from './google-api.client';
import { GoogleApiError } from './google-api.error';

export interface Binding {
  role: string;
  members?: string[];
  condition?: unknown;
}

export interface Policy {
  version?: number;
  etag?: string;
  bindings?: Binding[];
}

/** Who may do what on a topic or a subscription. */
export interface Grant {
  /** `projects/P/topics/T` or `projects/P/subscriptions/S` */
  resource: string;
  member: string;
  role: string;
}

/** Policies are written by others too: as often a change meets another one. */
const MAX_COLLISIONS = 10;
/** With an older version Google leaves the conditions out, and what is written back has lost them. */
const POLICY_VERSION = 3;

/** A binding with a condition may not hold when it is needed. */
export function hasGrant(
  { bindings = [] }: Policy,
  { member, role }: Pick<Grant, 'member' | 'role'>,
): boolean {
  return bindings.some(
    (binding) =>
      binding.role === role && binding.condition === undefined && binding.members?.includes(member),
  );
}

/** The policy with one member more, and nothing else changed. */
export function withGrant(policy: Policy, { member, role }: Pick<Grant, 'member' | 'role'>): Policy {
  const bindings = policy.bindings ?? [];
  const own = bindings.find((binding) => binding.role === role && binding.condition === undefined);
  const added = { ...own, role, members: [...(own?.members ?? []), member] };
  return {
    ...policy,
    version: POLICY_VERSION,
    bindings: own ? bindings.map((binding) => (binding === own ? added : binding)) : [...bindings, added],
  };
}

/** @returns undefined when there is no such resource */
export function readPolicy(api: GoogleApiClient, resource: string): Promise<Policy | undefined> {
  const url = `https://pubsub.googleapis.com/v1/${resource}:getIamPolicy?options.requestedPolicyVersion=${POLICY_VERSION}`;
  return api.find<Policy>(url, permissionOn(resource, 'getIamPolicy'));
}

/** Adds the grant by read, modify and write under the policy's etag. @returns whether it had to be added */
export async function ensureGrant(api: GoogleApiClient, grant: Grant): Promise<boolean> {
  for (let collisions = 0; ; collisions += 1) {
    const policy = (await readPolicy(api, grant.resource)) ?? {};
    if (hasGrant(policy, grant)) return false;
    try {
      await api.call({
        method: 'POST',
        url: `https://pubsub.googleapis.com/v1/${grant.resource}:setIamPolicy`,
        body: { policy: withGrant(policy, grant) },
        permission: permissionOn(grant.resource, 'setIamPolicy'),
      });
      return true;
    } catch (error) {
      const isCollision = error instanceof GoogleApiError && (error.status === 409 || error.status === 412);
      if (!isCollision || collisions >= MAX_COLLISIONS) throw error;
      await delay(50 * 2 ** Math.min(collisions, 5));
    }
  }
}

export function permissionOn(resource: string, verb: string): string {
  return `pubsub.${resource.split('/')[2]}.${verb}`;
}
