import type { HistoryRecord } from '../../gmail/gmail.types';
import { historyToChanges } from './history-to-changes';
import type { LabelFilter } from '../../gmail/label-filter';

const everything: LabelFilter = { labelIds: [], labelFilterBehavior: 'include' };
const include = (...labelIds: string[]): LabelFilter => ({ labelIds, labelFilterBehavior: 'include' });
const exclude = (...labelIds: string[]): LabelFilter => ({ labelIds, labelFilterBehavior: 'exclude' });
const message = (labelIds?: string[], id = 'm1') => ({ id, threadId: 't1', labelIds });
const types = (record: Omit<HistoryRecord, 'id'>, filter: LabelFilter) =>
  historyToChanges([{ id: '7', ...record }], filter).map(({ type }) => type);

describe(historyToChanges, () => {
  it('describes a change with its ids and labels', () => {
    const record = {
      id: '9007199254740993',
      labelsAdded: [{ message: message(['INBOX', 'STARRED']), labelIds: ['STARRED'] }],
    };
    expect(historyToChanges([record], everything)).toEqual([
      {
        type: 'message.labels_added',
        messageId: 'm1',
        threadId: 't1',
        historyId: '9007199254740993',
        labelIds: ['INBOX', 'STARRED'],
        changedLabelIds: ['STARRED'],
      },
    ]);
  });

  it('orders added, labels added, labels removed, deleted within a record', () => {
    const record = {
      messagesDeleted: [{ message: message(['INBOX'], 'm4') }],
      labelsRemoved: [{ message: message(['INBOX'], 'm3'), labelIds: ['UNREAD'] }],
      labelsAdded: [{ message: message(['INBOX'], 'm2'), labelIds: ['INBOX'] }],
      messagesAdded: [{ message: message(['INBOX'], 'm1') }],
    };
    expect(types(record, everything)).toEqual([
      'message.added',
      'message.labels_added',
      'message.labels_removed',
      'message.deleted',
    ]);
  });

  it('ignores the plain list of messages that each record carries', () => {
    expect(types({ messages: [message(['INBOX'])] } as Omit<HistoryRecord, 'id'>, everything)).toEqual([]);
  });

  describe('with an include filter', () => {
    it.each([
      ['added with the label', { messagesAdded: [{ message: message(['INBOX']) }] }, 1],
      ['added without it', { messagesAdded: [{ message: message(['SENT']) }] }, 0],
      ['added without labels', { messagesAdded: [{ message: message([]) }] }, 0],
      ['added, labels not named', { messagesAdded: [{ message: message() }] }, 1],
      ['deleted with the label', { messagesDeleted: [{ message: message(['INBOX']) }] }, 1],
      ['deleted without it', { messagesDeleted: [{ message: message(['TRASH']) }] }, 0],
      [
        'archived: had it before',
        { labelsRemoved: [{ message: message(['UNREAD']), labelIds: ['INBOX'] }] },
        1,
      ],
      ['moved in: has it after', { labelsAdded: [{ message: message(['INBOX']), labelIds: ['INBOX'] }] }, 1],
      ['read, while in it', { labelsRemoved: [{ message: message(['INBOX']), labelIds: ['UNREAD'] }] }, 1],
      ['read, elsewhere', { labelsRemoved: [{ message: message(['SENT']), labelIds: ['UNREAD'] }] }, 0],
      ['relabelled, labels not named', { labelsAdded: [{ message: message(), labelIds: ['X'] }] }, 1],
    ])('%s', (_name, record, count) => expect(types(record, include('INBOX'))).toHaveLength(count));

    it('classifies by the whole record: archived and marked read at once counts twice', () => {
      const after = message([]);
      const record = {
        labelsRemoved: [
          { message: after, labelIds: ['UNREAD'] },
          { message: after, labelIds: ['INBOX'] },
        ],
      };
      expect(types(record, include('INBOX'))).toHaveLength(2);
    });

    it('classifies by the whole record: trashed is labels added and removed', () => {
      const after = message(['TRASH']);
      const record = {
        labelsAdded: [{ message: after, labelIds: ['TRASH'] }],
        labelsRemoved: [{ message: after, labelIds: ['INBOX'] }],
      };
      expect(types(record, include('INBOX'))).toEqual(['message.labels_added', 'message.labels_removed']);
    });

    it('classifies each message of a record on its own', () => {
      const record = {
        messagesAdded: [{ message: message(['INBOX'], 'a') }, { message: message(['SENT'], 'b') }],
      };
      expect(
        historyToChanges([{ id: '7', ...record }], include('INBOX')).map((change) => change.messageId),
      ).toEqual(['a']);
    });
  });

  describe('with an exclude filter', () => {
    it.each([
      ['added without the label', { messagesAdded: [{ message: message(['INBOX']) }] }, 1],
      ['added with it', { messagesAdded: [{ message: message(['SPAM']) }] }, 0],
      ['added, labels not named', { messagesAdded: [{ message: message() }] }, 1],
      [
        'moved out: had it before',
        { labelsRemoved: [{ message: message(['INBOX']), labelIds: ['SPAM'] }] },
        0,
      ],
      ['moved in: has it after', { labelsAdded: [{ message: message(['SPAM']), labelIds: ['SPAM'] }] }, 0],
      ['relabelled without it', { labelsAdded: [{ message: message(['INBOX']), labelIds: ['INBOX'] }] }, 1],
      ['deleted with it', { messagesDeleted: [{ message: message(['SPAM']) }] }, 0],
    ])('%s', (_name, record, count) => expect(types(record, exclude('SPAM'))).toHaveLength(count));
  });
});
