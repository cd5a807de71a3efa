import type { EndpointChange, EndpointFields, EndpointStatus } from '../endpoint/endpoint.types';
import type { EventFilter } from '../filter/event-filter';
import type { StepName } from '../task/endpoint-task';
import type { SubscriptionConsequences } from '../task/subscription.store';

type Current = EndpointFields & { status: EndpointStatus };

/** What has to follow from a change of an endpoint, besides the change itself. */
export interface Consequences extends SubscriptionConsequences {
  /** What waits for its next attempt is tried now: it is likely to succeed, or was not meant to wait. */
  retryNow: boolean;
}

export function consequences(before: Current, change: EndpointChange): Consequences {
  const enabled = (change.status ?? before.status) === 'enabled';
  const isOtherUrl = change.url !== undefined && change.url !== before.url;
  const repaired = before.status === 'disabled' || isOtherUrl || change.headers !== undefined;
  // A failing event then holds up what comes after it no longer.
  const parks = before.ordering === 'mailbox' && change.ordering === 'none';
  return {
    otherMailboxes: differ(before.mailboxIds, change.mailboxIds),
    otherTypes: differ(before.eventTypes, change.eventTypes) || isOther(before.filter, change.filter),
    retryNow: enabled && (repaired || parks),
  };
}

/** The steps of the task that a change leaves, in their order. */
export function stepsAfter({ otherMailboxes, otherTypes, retryNow }: Consequences): StepName[] {
  const steps: StepName[] = [];
  if (retryNow) steps.push('retry-under-way', 'retry-pending');
  // Once at once, since what is dropped may hold up its mailbox, and once for what has begun before the change was seen.
  if (otherMailboxes || otherTypes) steps.push('drop-deliveries', 'await-appends', 'drop-deliveries');
  if (otherMailboxes) steps.push('drop-cursors');
  return steps;
}

const REMOVALS: readonly StepName[] = ['remove-cursors', 'remove-deliveries', 'remove-missed'];

/** The steps after an endpoint is deleted: again for what was written by those who had not seen that it is gone. */
export const REMOVAL: readonly StepName[] = [...REMOVALS, 'await-appends', ...REMOVALS];

/** The order of keys says nothing, and to take it for a change does no harm. */
function isOther(before: EventFilter | null, after: EventFilter | null | undefined): boolean {
  return after !== undefined && JSON.stringify(before) !== JSON.stringify(after);
}

function differ(before: readonly string[], after: readonly string[] | undefined): boolean {
  return after !== undefined && [...before].sort().join() !== [...after].sort().join();
}
