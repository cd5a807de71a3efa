import type { EndpointChange, EndpointFields, EndpointStatus } from '../endpoint/endpoint.types';

type Current = EndpointFields & { status: EndpointStatus };

/** What has to follow from a change of an endpoint, besides the change itself. */
export interface Consequences {
  /** Its cursors: other mailboxes are included now. */
  otherMailboxes: boolean;
  /** Its cursors: it filters other types now. */
  otherTypes: boolean;
  /** What waits for its next attempt is tried now: it is likely to succeed, or was not meant to wait. */
  retryNow: boolean;
}

export function consequences(before: Current, change: EndpointChange): Consequences {
  const enabled = (change.status ?? before.status) === 'enabled';
  const repaired = before.status === 'disabled' || (change.url !== undefined && change.url !== before.url);
  return {
    otherMailboxes: differ(before.mailboxIds, change.mailboxIds),
    otherTypes: differ(before.eventTypes, change.eventTypes),
    retryNow: enabled && repaired,
  };
}

function differ(before: readonly string[], after: readonly string[] | undefined): boolean {
  return after !== undefined && [...before].sort().join() !== [...after].sort().join();
}
