import { newId } from '../../common/id';
import { wellFormedJson } from '../../common/well-formed-json';
import { RowColumns } from '../../database/row-columns';
import type { EventOrigin, EventType, NewEvent } from '../event.types';

/** An event as it is written, with its data as JSON. */
export interface NewEventRow {
  id: string;
  type: EventType;
  origin: EventOrigin;
  messageId: string | null;
  data: string;
  notification: string | null;
}

/** What `append_events` takes, after the mailbox. */
export const NEW_EVENT_ROWS = new RowColumns<NewEventRow>({
  ids: ['text', ({ id }) => id],
  types: ['text', ({ type }) => type],
  origins: ['text', ({ origin }) => origin],
  message_ids: ['text', ({ messageId }) => messageId],
  datas: ['text', ({ data }) => data],
  notifications: ['text', ({ notification }) => notification],
});

export function toNewEventRow({
  type,
  origin = 'live',
  messageId,
  data,
  notification,
}: NewEvent): NewEventRow {
  return {
    ...{ id: newId('evt'), type, origin, messageId: messageId ?? null, data: wellFormedJson(data) },
    notification: notification?.text ?? null,
  };
}

/** Characters of JSON that one statement carries, unless one event alone has more. */
export const MAX_INSERT_SIZE = 8 * 1024 * 1024;

export function sizeOf(rows: NewEventRow[]): number {
  return rows.reduce((sum, { data }) => sum + data.length, 0);
}
