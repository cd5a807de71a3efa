import type { HistoryRecord } from '../../gmail/gmail.types';
import { historyToChanges } from './history-to-changes';
import { readableRecords } from './readable-records';

describe(readableRecords.name, () => {
  const added = (id: string, ...messageIds: string[]): HistoryRecord => ({
    id,
    messagesAdded: messageIds.map((messageId) => ({ message: { id: messageId, labelIds: ['INBOX'] } })),
  });
  const records = [added('1', 'a'), added('2', 'b', 'c'), added('2', 'd'), added('3', 'e')];
  const readable = (labelIds: string[], ...unread: string[]) => {
    const changes = historyToChanges(records, { labelIds, labelFilterBehavior: 'include' });
    return readableRecords(records, changes, unread).length;
  };

  it('are those before the first that needs an unread message', () => {
    expect([readable([], 'e'), readable([], 'a', 'e'), readable([])]).toEqual([3, 0, 4]);
  });

  it('leave records with the same id together', () => {
    expect([readable([], 'c'), readable([], 'd')]).toEqual([1, 1]);
  });

  it('need no message that the filter leaves out', () => {
    expect(readable(['SENT'], 'a')).toBe(4);
  });
});
