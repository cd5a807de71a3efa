import type { HistoryRecord } from '../../gmail/gmail.types';
import type { MessageChange } from './history-to-changes';

/**
 * The records before the first one that needs a message which was not read. Records with the same id are never cut apart:
 * a cursor between them would lose some.
 *
 * @param changes those of the records that count
 */
export function readableRecords(
  records: HistoryRecord[],
  changes: MessageChange[],
  unread: readonly string[],
): HistoryRecord[] {
  const ids = new Set(unread);
  const first = changes.find(({ type, messageId }) => type === 'message.added' && ids.has(messageId));
  if (!first) return records;
  return records.slice(
    0,
    records.findIndex(({ id }) => id === first.historyId),
  );
}
