import type { Event } from '../support/api-types';
import { checkContents } from './check-contents';

const FAULTLESS = { lost: 0, doubled: 0, outOfOrder: 0, holes: 0, example: undefined };

/** A log of these events, numbered as it should be. */
const logOf = (...events: [string, string, string[]?][]) =>
  events.map(
    ([type, messageId, labelIds], i) => ({ sequence: i + 1, type, data: { messageId, labelIds } }) as Event,
  );

const LOG = logOf(
  ['message.added', 'a', ['INBOX', 'UNREAD']],
  ['message.added', 'b', ['INBOX']],
  ['message.labels_removed', 'a', ['INBOX']],
  ['message.deleted', 'b'],
);

describe(checkContents.name, () => {
  it('finds nothing wrong where the log leads to what is there', () => {
    expect(checkContents(LOG, new Map([['a', ['INBOX']]]))).toEqual(FAULTLESS);
  });

  it.each<[string, [string, string[]][]]>([
    ['a message', [...[['a', ['INBOX']]], ['c', []]] as [string, string[]][]],
    ['a deletion', []],
    ['a label change', [['a', ['INBOX', 'STARRED']]]],
  ])('finds %s that is lost', (_, contents) => {
    expect(checkContents(LOG, new Map(contents))).toMatchObject({ lost: 1, doubled: 0 });
  });

  it('finds what is added twice, a gap that was not recovered, and holes', () => {
    const twice = logOf(['message.added', 'a', []], ['message.added', 'a', []]);
    expect(checkContents(twice, new Map([['a', []]]))).toMatchObject({ doubled: 1 });
    const gap = { sequence: 5, type: 'mailbox.gap', data: { complete: false } } as Event;
    expect(checkContents([...LOG, gap], new Map([['a', ['INBOX']]]))).toMatchObject({ lost: 1, holes: 0 });
    const hole = [...LOG, { ...gap, sequence: 6, data: { complete: true } } as Event];
    expect(checkContents(hole, new Map([['a', ['INBOX']]]))).toMatchObject({ lost: 0, holes: 1 });
  });
});
