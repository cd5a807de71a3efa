import type { HistoryRecord } from '../../gmail/gmail.types';

/** Every record by itself, those with the same id together: a record that cannot be processed is then alone. */
export function singleRecords(records: HistoryRecord[]): HistoryRecord[][] {
  const singles: HistoryRecord[][] = [];
  for (const record of records)
    if (singles.at(-1)?.[0]!.id === record.id) singles.at(-1)!.push(record);
    else singles.push([record]);
  return singles;
}

/**
 * Cuts the records of a page into chunks that are committed one by one, so that a long catch-up makes progress within
 * the quota and in bounded memory. Records with the same id are never cut apart: a cursor between them would lose some.
 *
 * @param maxAdded how many added messages a chunk holds at most, unless one record alone has more
 */
export function historyChunks(records: HistoryRecord[], maxAdded: number): HistoryRecord[][] {
  const chunks: HistoryRecord[][] = [];
  let current: HistoryRecord[] = [];
  let added = 0;
  for (const record of records) {
    const adds = record.messagesAdded?.length ?? 0;
    if (current.length > 0 && added + adds > maxAdded && current.at(-1)!.id !== record.id) {
      chunks.push(current);
      current = [];
      added = 0;
    }
    current.push(record);
    added += adds;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}
