import type { HistoryRecord } from '../../gmail/gmail.types';
import { changesWithoutDrafts } from './draft-changes';
import type { MessageState } from './history-states';

const message = (labelIds?: string[], id = 'm') => ({ id, threadId: 't', labelIds });
const find = (record: Omit<HistoryRecord, 'id'>, known = new Map<string, MessageState>()) =>
  changesWithoutDrafts([{ id: '7', ...record }], { labelIds: [], labelFilterBehavior: 'include' }, known).map(
    ({ type, labelIds }) => [type, labelIds],
  );

describe(changesWithoutDrafts, () => {
  it.each<[string, Omit<HistoryRecord, 'id'>, unknown[]]>([
    ['a draft that is written', { messagesAdded: [{ message: message(['DRAFT']) }] }, []],
    ['a draft that is deleted', { messagesDeleted: [{ message: message(['DRAFT']) }] }, []],
    [
      'a draft that is starred',
      { labelsAdded: [{ message: message(['DRAFT', 'STARRED']), labelIds: ['STARRED'] }] },
      [],
    ],
    [
      'a mail that is deleted',
      { messagesDeleted: [{ message: message(['INBOX']) }] },
      [['message.deleted', ['INBOX']]],
    ],
    [
      'a draft that is sent',
      {
        labelsAdded: [{ message: message(['SENT']), labelIds: ['SENT'] }],
        labelsRemoved: [{ message: message(['SENT']), labelIds: ['DRAFT'] }],
      },
      [['message.added', ['SENT']]],
    ],
    [
      'a draft that is sent and added at once',
      {
        messagesAdded: [{ message: message(['SENT']) }],
        labelsRemoved: [{ message: message(['SENT']), labelIds: ['DRAFT'] }],
      },
      [['message.added', ['SENT']]],
    ],
    [
      'a sending that is undone',
      {
        labelsAdded: [{ message: message(['DRAFT']), labelIds: ['DRAFT'] }],
        labelsRemoved: [{ message: message(['DRAFT']), labelIds: ['SENT'] }],
      },
      [
        ['message.labels_added', ['DRAFT']],
        ['message.labels_removed', ['DRAFT']],
      ],
    ],
    // Gmail leaves out an empty list.
    [
      'a draft that loses its only label',
      { labelsRemoved: [{ message: message(), labelIds: ['DRAFT'] }] },
      [['message.added', []]],
    ],
    [
      'a deletion of which nothing is known',
      { messagesDeleted: [{ message: message() }] },
      [['message.deleted', null]],
    ],
  ])('of %s reports what is left', (_, record, expected) => {
    expect(find(record)).toEqual(expected);
  });

  it('takes the labels of a deletion from what is known', () => {
    const deletion = { messagesDeleted: [{ message: message() }] };
    const known = (label: string) => new Map([['m', { threadId: 't', labelIds: [label] }]]);
    expect(find(deletion, known('DRAFT'))).toEqual([]);
    expect(find(deletion, known('INBOX'))).toHaveLength(1);
  });
});
