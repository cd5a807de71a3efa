import type { TrueChange } from '../../../src/local-google/mailbox/history-record';
import type { Event } from '../api-types';
import { type BackfilledMailbox, checkBackfills } from './check-backfills';

const dateOf = (n: number) => `2026-11-0${n}T00:00:00.000Z`;
const SINCE = '2026-11-01T00:00:00.000Z';
const change = (messageId: string, historyId: number, labelIds = ['INBOX']): TrueChange => ({
  ...{ kind: 'messageAdded', messageId, threadId: 't', historyId: String(historyId) },
  ...{ labelIds, changedLabelIds: [] },
});
const OLD = [change('m1', 1), change('m2', 2), change('m3', 3)];
const MAILBOX: BackfilledMailbox = {
  asked: { since: SINCE, accepted: 1, unanswered: 0 },
  ...{
    changes: OLD,
    connectedAt: 3n,
    held: new Map([1, 2, 3].map((n) => [`m${n}`, Date.parse(dateOf(n))])),
    isRepaired: false,
  },
};

const found = (n: number, historyId = n, labelIds = ['INBOX']) =>
  ({
    ...{ id: `evt_${n}`, type: 'message.added', origin: 'backfill' },
    data: {
      messageId: `m${n}`,
      historyId: String(historyId),
      labelIds,
      message: { internalDate: dateOf(n) },
    },
  }) as Event;
const relabelled = (n: number, historyId: number) =>
  ({
    ...{ id: `evt_l${n}`, type: 'message.labels_added', origin: 'live' },
    data: { messageId: `m${n}`, historyId: String(historyId), labelIds: ['STARRED'] },
  }) as unknown as Event;
const end = (count: number, since = SINCE) =>
  ({
    ...{ id: 'evt_end', type: 'mailbox.backfilled', origin: 'backfill' },
    data: { since, recovered: { 'message.added': count }, complete: true },
  }) as unknown as Event;
const STARRED = { ...MAILBOX, changes: [...OLD, change('m1', 5, ['STARRED'])] };

describe(checkBackfills.name, () => {
  it.each<[string, Event[], BackfilledMailbox]>([
    ['a backfill', [found(1), found(2), found(3), end(3)], MAILBOX],
    [
      'two of them, of which an answer was lost',
      [found(1), found(2), found(3), end(3), end(0)],
      { ...MAILBOX, asked: { ...MAILBOX.asked, unanswered: 1 } },
    ],
    [
      'a message that changed and was read again',
      [found(2), found(3), relabelled(1, 5), found(1, 5, ['STARRED']), end(3)],
      STARRED,
    ],
    [
      'a change that is reported after the message as it is by then',
      [found(1, 5, ['STARRED']), found(2), found(3), relabelled(1, 5), end(3)],
      STARRED,
    ],
  ])('accepts %s', (_, log, mailbox) => {
    expect(checkBackfills(log, mailbox)).toBeUndefined();
  });

  it.each<[string, Event[], RegExp, BackfilledMailbox?]>([
    ['a message that is left out', [found(1), found(3), end(2)], /m2 is there, and no backfill/],
    [
      'one that only the next one finds',
      [found(1), found(3), end(2), found(2), end(1)],
      /m2 was there, and the first/,
      { ...MAILBOX, asked: { ...MAILBOX.asked, accepted: 2 } },
    ],
    ['one that comes twice', [found(1), found(2), found(2), found(3), end(4)], /m2 was added twice/],
    ['another order', [found(2), found(1), found(3), end(3)], /m1 came after a newer one/],
    ['a wrong count', [found(1), found(2), found(3), end(2)], /counts 2 messages, and there were 3/],
    ['no end', [found(1), found(2), found(3)], /0 backfills have ended, and 1 were accepted/],
    ['two ends', [found(1), found(2), found(3), end(3), end(0)], /2 backfills have ended/],
    ['another time', [found(1), found(2), found(3), end(3, dateOf(2))], /nobody asked for/],
    [
      'wrong labels',
      [found(1), found(2, 2, ['UNREAD']), found(3), end(3)],
      /gives m2 UNREAD, and it had INBOX/,
    ],
    [
      'a message as it was before what was reported of it',
      [found(2), found(3), relabelled(1, 5), found(1, 1), end(3)],
      /adds m1 as it was at 1, after evt_l1/,
      STARRED,
    ],
  ])('finds %s', (_, log, fault, mailbox = MAILBOX) => {
    expect(checkBackfills(log, mailbox)).toMatch(fault);
  });
});
