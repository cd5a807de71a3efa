import type { EventTaker, TakenEvents, TakerOffer } from '../../event/event.types';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import type { ClaimedCursor } from './delivery-cursor.store';
import type { DeliveryLoop } from './delivery-loop';

/** How long a target is good for: expired secrets must not sign much longer. */
const TARGET_LIFETIME_MS = 5_000;

/** An offer names all endpoints that it is for. With more than these, claims find theirs as cheaply. */
const MAX_ENDPOINTS = 16;

/**
 * Takes events over at their append, with the delivery cursors that had nothing left to deliver: nobody then claims these
 * and reads the events again. It takes only what there is a place for, and only for endpoints that do well and whose target
 * a claim has read lately; the database checks the rest of the conditions (`raise_delivery_cursors`).
 */
export class AppendTaker implements EventTaker {
  private readonly targets = new Map<string, { target: DeliveryTarget; until: number }>();

  constructor(
    private readonly loop: DeliveryLoop<ClaimedCursor>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Remembers the endpoints of cursors that were claimed. */
  remember(cursors: readonly ClaimedCursor[]): void {
    const until = this.now() + TARGET_LIFETIME_MS;
    for (const { target } of cursors) this.targets.set(target.endpointId, { target, until });
  }

  offer(): TakerOffer | undefined {
    const targets = this.freshTargets();
    if (targets.length === 0 || targets.length > MAX_ENDPOINTS) return undefined;
    const reserved = new Set(this.loop.reserve(targets.map(({ endpointId }) => endpointId)));
    if (reserved.size === 0) return undefined;
    const offered = targets.filter(({ endpointId }) => reserved.has(endpointId));
    return {
      endpoints: offered,
      take: (taken) => this.loop.takeOver([...reserved], taken ? toClaims(offered, taken) : []),
    };
  }

  private freshTargets(): DeliveryTarget[] {
    const now = this.now();
    for (const [endpointId, { until }] of this.targets) if (until <= now) this.targets.delete(endpointId);
    return Array.from(this.targets.values(), ({ target }) => target).filter(
      ({ failingFor, rateLimit }) => failingFor === null && rateLimit === null,
    );
  }
}

function toClaims(targets: DeliveryTarget[], { mailboxId, events, endpoints }: TakenEvents): ClaimedCursor[] {
  const [first, last] = [BigInt(events[0]!.sequence!), BigInt(events.at(-1)!.sequence!)];
  return endpoints.map(({ endpointId, after }) => {
    const target = targets.find((one) => one.endpointId === endpointId)!;
    const isWanted = ({ type }: { type: string }) =>
      target.eventTypes.length === 0 || (target.eventTypes as string[]).includes(type);
    return {
      ...{ target, mailboxId, sequence: after, highWatermark: last, replayedSequence: 0n, attempts: 0 },
      lost: undefined,
      // When there may be others before them, all are read.
      page: after === first - 1n ? { events: events.filter(isWanted), isAll: true } : undefined,
    };
  });
}
