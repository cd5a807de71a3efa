import { GmailApiError } from '../../gmail/gmail.errors';
import { isNoFaultOfRecords, readingMode } from './poison';
import { MessageUnreadableError } from './sync.errors';

describe(readingMode.name, () => {
  it('narrows down after three attempts, and skips after three more', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(readingMode)).toEqual([
      ...['together', 'together', 'together'],
      ...['alone', 'alone', 'alone'],
      ...['skipping', 'skipping'],
    ]);
  });
});

describe(isNoFaultOfRecords.name, () => {
  it.each<[string, unknown, number, boolean, number?]>([
    ['a rate limit', new GmailApiError('rate_limited', ''), 1, true],
    [
      'Gmail being away, before records are taken one by one',
      new GmailApiError('gmail_unavailable', ''),
      1,
      false,
    ],
    ['Gmail being away, after', new GmailApiError('gmail_unavailable', ''), 1, true, 4],
    ['a message at which Gmail fails', new MessageUnreadableError(['m'], undefined), 1, false, 4],
    ['a database that is away', Object.assign(new Error(), { code: 'ECONNREFUSED' }), 1, true],
    ['whatever happens before a page is read', new TypeError(), 0, true],
    ['a refusal, before records are taken one by one', new GmailApiError('gmail_refused', ''), 1, false],
    ['a refusal, after', new GmailApiError('gmail_refused', ''), 1, true, 4],
    ['an error of ours', new TypeError(), 1, false],
  ])('classifies %s', (_, error, pages, expected, attempts = 1) => {
    expect(isNoFaultOfRecords(error, attempts, pages)).toBe(expected);
  });
});
