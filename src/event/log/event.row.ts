import { DATABASE_NOW, readTrace } from '../notification-trace';
import {
  type EventMailbox,
  type EventOrigin,
  type EventType,
  type InboxwireEvent,
  PROVENANCE,
} from '../event.types';

/** The columns of `events` that make an event, in the order of a SELECT. */
export const EVENT_COLUMNS =
  'id, type, sequence, occurred_at, origin, mailbox_id, email_address, external_id, data, commit_order, position';

/** The bytes of an event's data: its own column, since to measure what is large is to read all of it. */
export const EVENT_SIZE = 'coalesce(bytes, octet_length(data::text))';

export interface EventRow {
  id: string;
  type: EventType;
  sequence: string | null;
  occurred_at: Date;
  origin: EventOrigin;
  /** Null, as is `sequence`, for an event that belongs to no mailbox. */
  mailbox_id: string | null;
  /** Null once the mailbox is erased, too. */
  email_address: string | null;
  external_id: string | null;
  data: unknown;
  commit_order: string;
  position: string;
}

/** A row of the log as the outside sees it. */
export function toEvent(row: Omit<EventRow, 'commit_order' | 'position'>): InboxwireEvent {
  return {
    id: row.id,
    type: row.type,
    sequence: row.sequence === null ? null : Number(row.sequence),
    occurredAt: row.occurred_at.toISOString(),
    origin: row.origin,
    mailbox: mailboxOf(row),
    data: row.data,
  };
}

export function mailboxOf(
  row: Pick<EventRow, 'mailbox_id' | 'email_address' | 'external_id'>,
): EventMailbox | null {
  if (row.mailbox_id === null) return null;
  return { id: row.mailbox_id, emailAddress: row.email_address, externalId: row.external_id };
}

/** The columns of a `ProvenanceRow`, besides those of the event. */
export const PROVENANCE_COLUMNS = `notification, ${DATABASE_NOW} AS now`;

export type ProvenanceRow = EventRow & { notification: string | null; now: number };

/** An event with its provenance: for who hands it over. */
export function toEventWithProvenance(row: ProvenanceRow): InboxwireEvent {
  const appendedAt = performance.now() - (row.now - row.occurred_at.getTime());
  const notification = row.notification === null ? undefined : readTrace(row.notification, row.now);
  return { ...toEvent(row), [PROVENANCE]: { appendedAt, notification } };
}
