import { TokenEndpointUnavailableError } from '../auth/auth.errors';
import { InboxwireError } from '../common/inboxwire.error';
import { BudgetSpentError, GmailApiError } from '../gmail/gmail.errors';
import { explainReadError } from './explain-read-error';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const LATER = new Date(NOW + 42_000);

describe(explainReadError, () => {
  it.each([
    [new GmailApiError('gmail_not_found', 'gone'), 'not_found', undefined],
    [new GmailApiError('gmail_refused', 'Invalid id value', { status: 400 }), 'not_found', undefined],
    [new GmailApiError('gmail_refused', 'no', { status: 403 }), 'google_refused', undefined],
    [new GmailApiError('mail_service_not_enabled', 'no', { status: 400 }), 'google_refused', undefined],
    [new GmailApiError('rate_limited', 'slow down', { retryAt: LATER }), 'rate_limited', 42],
    [new GmailApiError('rate_limited', 'slow down'), 'rate_limited', 10],
    [new BudgetSpentError('mailbox', LATER), 'rate_limited', 42],
    [new GmailApiError('gmail_unavailable', '500'), 'google_unavailable', 5],
    [new GmailApiError('token_rejected', '401'), 'google_unavailable', 5],
    [new TokenEndpointUnavailableError(new Error('x')), 'google_unavailable', 5],
  ])('reports %s to the application as %s, to be asked again in %s s', (error, code, seconds) => {
    const reported = explainReadError(error, { kind: 'message', id: '1' }, NOW) as InboxwireError;
    expect(reported.code).toBe(code);
    expect(reported.retryAt && (reported.retryAt.getTime() - NOW) / 1_000).toBe(seconds);
  });

  it('says of a wait what the application can do about it', () => {
    const reported = explainReadError(new BudgetSpentError('mailbox', LATER), {
      kind: 'labels',
      id: '1',
    }) as Error;
    expect(reported.message).toBe(
      "Gmail's quota for the mailbox is used up for the moment. Ask again after the time in `Retry-After`.",
    );
  });

  it('says of an attachment that Gmail does not know how the id is found that it has now', () => {
    const refusal = new GmailApiError('gmail_refused', 'Invalid attachment token', { status: 400 });
    const reported = explainReadError(refusal, { kind: 'attachment', id: 'ANGj' }) as InboxwireError;
    expect(reported.code).toBe('not_found');
    expect(reported.message).toMatch(/^There is no attachment ANGj\. .*read the message/);
  });

  it('leaves what it does not know as it is', () => {
    const error = new Error('x');
    expect(explainReadError(error, { kind: 'message', id: '1' })).toBe(error);
  });
});
