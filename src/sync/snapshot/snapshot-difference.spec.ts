import { type Comparison, snapshotDifference, toChanges } from './snapshot-difference';
import type { MessageState } from '../history/history-states';
import type { LabelFilter } from '../../gmail/label-filter';

const state = (...labelIds: string[]): MessageState => ({ threadId: 't', labelIds });
const inbox: LabelFilter = { labelIds: ['INBOX'], labelFilterBehavior: 'include' };
const noSpam: LabelFilter = { labelIds: ['SPAM'], labelFilterBehavior: 'exclude' };

/** The types of the changes with their labels. */
function changesOf(change: Partial<Comparison>, filter = inbox) {
  const whole = { messageId: 'a', before: null, after: null, historyId: '1', isNew: true, ...change };
  return toChanges(whole, filter).map(({ type, changedLabelIds }) => [type, ...changedLabelIds]);
}

describe(snapshotDifference.name, () => {
  it('reports what appeared, changed labels and vanished, whatever the order of the labels', () => {
    const before = new Map([
      ['same', state('A', 'B')],
      ['changed', state('A')],
      ['gone', state('A')],
    ]);
    const now = new Map([
      ['new', state('A')],
      ['same', state('B', 'A')],
      ['changed', state('B')],
    ]);
    expect(snapshotDifference(before, now)).toEqual({
      appeared: ['new'],
      relabelled: ['changed'],
      vanished: ['gone'],
    });
  });
});

describe(toChanges.name, () => {
  it('reports additions, deletions and changes of labels', () => {
    expect(changesOf({ after: state('INBOX') })).toEqual([['message.added']]);
    expect(changesOf({ before: state('INBOX') })).toEqual([['message.deleted']]);
    expect(changesOf({ before: state('INBOX', 'UNREAD'), after: state('INBOX', 'STARRED') })).toEqual([
      ['message.labels_added', 'STARRED'],
      ['message.labels_removed', 'UNREAD'],
    ]);
  });

  it('treats an old message that passes the filter now as a change of labels', () => {
    expect(changesOf({ after: state('INBOX', 'UNREAD'), isNew: false })).toEqual([
      ['message.labels_added', 'INBOX'],
    ]);
  });

  it('reports a message that left an including filter, and not of one that an excluding filter now hides', () => {
    expect(changesOf({ before: state('INBOX'), after: state() })).toEqual([
      ['message.labels_removed', 'INBOX'],
    ]);
    expect(changesOf({ before: state(), after: state('SPAM') }, noSpam)).toEqual([]);
    expect(changesOf({ after: state(), isNew: false }, noSpam)).toEqual([]);
  });
});
