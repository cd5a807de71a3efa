import type { SqlExecutor } from '../database/sql';

/** Every type of event in the log. `endpoint.test` is sent and never logged. */
export const EVENT_TYPES = [
  'message.added',
  'message.deleted',
  'message.labels_added',
  'message.labels_removed',
  'mailbox.connected',
  'mailbox.disconnected',
  'mailbox.reauthorization_required',
  'mailbox.gap',
  'watch.failed',
  'watch.expired',
  'endpoint.disabled',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** `live`: read from Gmail's history. `backfill`: found by comparing, after the history had expired. */
export type EventOrigin = 'live' | 'backfill';

/** The mailbox as an event shows it: as it was when the event was appended. */
export interface EventMailbox {
  id: string;
  emailAddress: string;
  externalId: string | null;
}

/** A change that is to be appended. `messageId` is that of a `message.*` event. */
export interface NewEvent {
  type: EventType;
  origin?: EventOrigin;
  messageId?: string;
  data: Record<string, unknown>;
}

/** An event as the API shows it and as an endpoint receives it. One that belongs to no mailbox has no `sequence` either. */
export interface InboxwireEvent {
  id: string;
  type: EventType | 'endpoint.test';
  sequence: number | null;
  occurredAt: string;
  origin: EventOrigin;
  mailbox: EventMailbox | null;
  data: unknown;
}

/** What was appended in one transaction: enough to know who is concerned. */
export interface Appended {
  mailboxId: string;
  firstSequence: bigint;
  lastSequence: bigint;
  types: ReadonlySet<EventType>;
}

/** Wants to know of new events, within the transaction that appends them and after it. */
export interface EventListener {
  /** Called within the transaction: what it writes is committed with the events or not at all. */
  appended(on: SqlExecutor, appended: Appended): Promise<void>;
  /** Called after the commit, on the replica that appended; other replicas hear by the `inboxwire_events` channel. */
  committed(): void;
}
