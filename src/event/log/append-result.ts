import { type InboxwireEvent, type NewEvent, PROVENANCE, type TakenEvents } from '../event.types';
import { toEvent } from './event.row';
import type { NewEventRow } from './new-event-rows';

/** What `append_events` gives. */
export interface AppendResultRow {
  /** Null, as is all behind it, when no event was new. */
  first_sequence: string | null;
  /** Which were new, from 1. */
  fresh: number[];
  /** Of each of these. */
  appended_at: Date[];
  its_address: string | null;
  its_external_id: string | null;
  taken: string[] | null;
  taken_after: string[] | null;
  waiting: number;
}

/** What was appended to the log of one mailbox. */
export interface AppendedEvents {
  fresh: NewEvent[];
  /** Whether endpoints have something to deliver that nobody has taken. */
  isWaiting: boolean;
  taken: TakenEvents | undefined;
}

/** @param events those that were to be appended, and as they were written */
export function toAppendedEvents(
  row: AppendResultRow,
  mailboxId: string,
  { events, rows }: { events: NewEvent[]; rows: NewEventRow[] },
): AppendedEvents {
  const fresh = row.fresh.map((place) => events[place - 1]!);
  const endpoints = (row.taken ?? []).map((endpointId, index) => ({
    endpointId,
    after: BigInt(row.taken_after![index]!),
  }));
  const toInboxwireEvent = (place: number, index: number): InboxwireEvent => ({
    ...toEvent(asRead(row, mailboxId, rows[place - 1]!, index)),
    [PROVENANCE]: { appendedAt: performance.now(), notification: events[place - 1]!.notification },
  });
  return {
    fresh,
    isWaiting: row.waiting > 0,
    taken:
      endpoints.length > 0 ? { mailboxId, events: row.fresh.map(toInboxwireEvent), endpoints } : undefined,
  };
}

/** As it would be read from the log. */
function asRead(result: AppendResultRow, mailboxId: string, row: NewEventRow, index: number) {
  return {
    ...{ id: row.id, type: row.type, origin: row.origin, mailbox_id: mailboxId },
    sequence: (BigInt(result.first_sequence!) + BigInt(index)).toString(),
    occurred_at: result.appended_at[index]!,
    email_address: result.its_address,
    external_id: result.its_external_id,
    data: JSON.parse(row.data) as unknown,
  };
}
