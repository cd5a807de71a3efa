import type { HistoryRecord } from '../../gmail/gmail.types';
import { findOwnRecords, type OwnChange } from './own-changes';

const change = (more: Partial<OwnChange>): OwnChange => ({
  ...{ id: '1', messageId: 'm', addLabelIds: [], removeLabelIds: [], after: 10n, until: null, state: 'done' },
  ...more,
});
const star = change({ addLabelIds: ['STARRED'] });
const added = (id: number, labelIds: string[], after: string[]): HistoryRecord => ({
  id: String(id),
  labelsAdded: [{ message: { id: 'm', labelIds: after }, labelIds }],
});
const removed = (id: number, labelIds: string[], after: string[]): HistoryRecord => ({
  id: String(id),
  labelsRemoved: [{ message: { id: 'm', labelIds: after }, labelIds }],
});
const find = (records: HistoryRecord[], ...changes: OwnChange[]) => {
  const { own, settled, heldAt } = findOwnRecords(records, changes);
  return { own: [...own.keys()], settled: settled.map(({ id, historyId }) => `${id}@${historyId}`), heldAt };
};
const nothing = { own: [], settled: [], heldAt: undefined };

describe(findOwnRecords, () => {
  it('takes the first record that does what was asked for, and no other', () => {
    const records = [
      added(11, ['STARRED'], ['STARRED']),
      removed(12, ['STARRED'], []),
      added(13, ['STARRED'], ['STARRED']),
    ];
    expect(find(records, star)).toEqual({ own: ['11'], settled: ['1@11'], heldAt: undefined });
  });

  it('takes none that was there before Gmail was asked', () => {
    expect(find([added(10, ['STARRED'], ['STARRED'])], star)).toEqual(nothing);
  });

  it('takes none behind the place at which a lost answer was given up', () => {
    const lost = { ...star, state: 'unknown' as const, until: 11n };
    expect(find([added(12, ['STARRED'], ['STARRED'])], lost)).toEqual(nothing);
    expect(find([added(11, ['STARRED'], ['STARRED'])], lost).own).toEqual(['11']);
  });

  it('takes none that does more than was asked for', () => {
    const more = added(11, ['STARRED', 'IMPORTANT'], ['STARRED', 'IMPORTANT']);
    expect(find([more], star)).toEqual(nothing);
    expect(find([more, removed(12, ['STARRED'], ['IMPORTANT'])], star)).toEqual({
      ...nothing,
      settled: ['1@12'],
    });
  });

  it('knows by the first record behind a change that had nothing to do', () => {
    const records = [removed(11, ['STARRED'], []), added(12, ['STARRED'], ['STARRED'])];
    expect(find(records, star)).toEqual({ ...nothing, settled: ['1@11'] });
  });

  it('takes a change that Gmail reports in two records', () => {
    const both = change({ addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] });
    const records = [added(11, ['STARRED'], ['STARRED', 'UNREAD']), removed(12, ['UNREAD'], ['STARRED'])];
    expect(find(records, both)).toEqual({ own: ['11', '12'], settled: ['1@12'], heldAt: undefined });
  });

  it('treats what Gmail does of itself as its own', () => {
    const trash = change({ addLabelIds: ['TRASH'] });
    const record = {
      ...added(11, ['TRASH'], ['TRASH']),
      labelsRemoved: removed(11, ['INBOX'], ['TRASH']).labelsRemoved,
    };
    expect(find([record], trash).own).toEqual(['11']);
  });

  it('treats several changes of one message each by itself', () => {
    const unstar = change({ id: '2', removeLabelIds: ['STARRED'] });
    const records = [added(11, ['STARRED'], ['STARRED']), removed(12, ['STARRED'], [])];
    expect(find(records, star, unstar)).toEqual({
      own: ['11', '12'],
      settled: ['1@11', '2@12'],
      heldAt: undefined,
    });
  });

  it('holds what may be a change that Gmail has not answered yet, and nothing else', () => {
    const asked = { ...star, state: 'asked' as const };
    const other = removed(11, ['UNREAD'], []);
    expect(find([other], asked)).toEqual(nothing);
    expect(find([other, added(12, ['STARRED'], ['STARRED'])], asked)).toEqual({ ...nothing, heldAt: '12' });
    expect(find([removed(11, ['STARRED'], [])], asked)).toEqual(nothing);
  });
});
