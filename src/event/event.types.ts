import type { NotificationTrace } from './notification-trace';
import type { SqlExecutor } from '../database/sql';

/** Every type of event in the log. */
export const EVENT_TYPES = [
  'message.added',
  'message.deleted',
  'message.labels_added',
  'message.labels_removed',
  'mailbox.connected',
  'mailbox.disconnected',
  'mailbox.address_changed',
  'mailbox.reauthorization_required',
  'mailbox.gap',
  'mailbox.backfilled',
  'mailbox.erased',
  'watch.failed',
  'watch.expired',
  'endpoint.disabled',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** Types that are delivered to an endpoint and are in no log. */
export const DELIVERED_ONLY_TYPES = ['endpoint.test', 'endpoint.events_missed'] as const;

export type DeliveredOnlyType = (typeof DELIVERED_ONLY_TYPES)[number];

/** `live`: read from Gmail's history. `backfill`: found without it, since it had expired or does not reach so far back. */
export type EventOrigin = 'live' | 'backfill';

/** The mailbox as an event shows it: as it was when the event was appended. */
export interface EventMailbox {
  id: string;
  /** Null once the mailbox is erased. */
  emailAddress: string | null;
  externalId: string | null;
}

/** A change that is to be appended. `messageId` is that of a `message.*` event. */
export interface NewEvent {
  type: EventType;
  origin?: EventOrigin;
  messageId?: string;
  /** The notification that announced it. */
  notification?: NotificationTrace;
  data: Record<string, unknown>;
}

/** Where an event comes from: for metrics, logs and traces. */
export interface EventProvenance {
  /** When it was appended, on the scale of this process's `performance.now()`. */
  appendedAt: number;
  /** The notification that announced it; undefined when none did. */
  notification: NotificationTrace | undefined;
}

/** The key of an event's provenance: a symbol, so that no JSON ever shows it. */
export const PROVENANCE = Symbol('provenance');

/** An event as the API shows it and as an endpoint receives it. One that belongs to no mailbox has no `sequence` either. */
export interface InboxwireEvent {
  id: string;
  type: EventType | DeliveredOnlyType;
  sequence: number | null;
  occurredAt: string;
  origin: EventOrigin;
  mailbox: EventMailbox | null;
  data: unknown;
  readonly [PROVENANCE]?: EventProvenance;
}

/** Which events somebody reads; what is left out means all. */
export interface EventFilter {
  mailboxId?: string;
  types?: readonly string[];
}

/** An event that leaves the log because of its age. */
export interface LeftEvent {
  id: string;
  /** Null, as is `sequence`, for one that belonged to no mailbox. */
  mailbox: EventMailbox | null;
  type: EventType;
  /** A decimal string. */
  sequence: string | null;
}

/** Events that were appended together, and who of the taker's endpoints is to have them. */
export interface TakenEvents {
  mailboxId: string;
  events: InboxwireEvent[];
  /** The endpoints that were taken, and the `sequence` after which each is to have the events of the mailbox. */
  endpoints: { endpointId: string; after: bigint }[];
}

/** What a taker would take of one append. */
export interface TakerOffer {
  /** The endpoints that it knows and has a place for, each at its revision. */
  endpoints: { endpointId: string; revision: number }[];
  /** To be called once, after the append. Without events: nothing was taken. */
  take(taken?: TakenEvents): void;
}

/** Takes events over from who appends them, and delivers them without reading them again. */
export interface EventTaker {
  /** @returns undefined when it can take nothing now */
  offer(): TakerOffer | undefined;
}

/** Wants to know of events that leave the log. New ones are announced by the `inboxwire_events` channel. */
export interface EventListener {
  /** Called within the transaction that takes events out of the log. */
  left(on: SqlExecutor, events: readonly LeftEvent[]): Promise<void>;
}
