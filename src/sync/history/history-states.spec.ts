import type { HistoryRecord } from '../../gmail/gmail.types';
import { statesAfter, statesBefore } from './history-states';

const records: HistoryRecord[] = [
  { id: '1', messagesAdded: [{ message: { id: 'a', threadId: 't', labelIds: ['INBOX', 'UNREAD'] } }] },
  {
    id: '2',
    labelsAdded: [{ message: { id: 'b', threadId: 'u', labelIds: ['STARRED'] }, labelIds: ['STARRED'] }],
    labelsRemoved: [{ message: { id: 'b', threadId: 'u', labelIds: ['STARRED'] }, labelIds: ['INBOX'] }],
  },
  // Gmail leaves out an empty list: no labels are left.
  { id: '3', labelsRemoved: [{ message: { id: 'a', threadId: 't' }, labelIds: ['INBOX', 'UNREAD'] }] },
  { id: '4', messagesDeleted: [{ message: { id: 'c', threadId: 'v', labelIds: ['TRASH'] } }] },
];

describe('the states of messages', () => {
  it('after records are those of the last one of each message', () => {
    expect([...statesAfter(records)]).toEqual([
      ['a', { threadId: 't', labelIds: [] }],
      ['b', { threadId: 'u', labelIds: ['STARRED'] }],
      ['c', null],
    ]);
  });

  it('before records are those of the first one, undone', () => {
    expect([...statesBefore(records)]).toEqual([
      ['a', null],
      ['b', { threadId: 'u', labelIds: ['INBOX'] }],
      ['c', { threadId: 'v', labelIds: ['TRASH'] }],
    ]);
  });
});
