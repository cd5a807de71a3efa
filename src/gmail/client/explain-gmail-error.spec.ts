import { GrantDeadError } from '../../auth/auth.errors';
import { explainGmailError } from './explain-gmail-error';
import { GmailApiError } from '../gmail.errors';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const body = (message: string, reason?: string) => ({
  error: { message, errors: reason ? [{ reason }] : [] },
});

describe(explainGmailError, () => {
  it.each([
    [401, body('Invalid Credentials', 'authError'), 'token_rejected'],
    [403, body('Rate Limit Exceeded', 'rateLimitExceeded'), 'rate_limited'],
    [403, body('User Rate Limit Exceeded', 'userRateLimitExceeded'), 'rate_limited'],
    [403, body('Quota exceeded', 'quotaExceeded'), 'rate_limited'],
    [429, body('Too many concurrent requests for user', 'rateLimitExceeded'), 'rate_limited'],
    [429, 'slow down', 'rate_limited'],
    [404, body('Requested entity was not found.', 'notFound'), 'gmail_not_found'],
    [500, body('Internal error', 'backendError'), 'gmail_unavailable'],
    [503, '<html>', 'gmail_unavailable'],
    [400, body('Mail service not enabled', 'failedPrecondition'), 'mail_service_not_enabled'],
    [
      400,
      body('Only one user push notification client allowed per developer (call /stop then try again)'),
      'other_watch_client',
    ],
    [
      403,
      body(
        'Error sending test message to Cloud PubSub projects/p/topics/t : User not authorized to perform this action.',
        'forbidden',
      ),
      'topic_permission_denied',
    ],
    [
      404,
      body(
        'Error sending test message to Cloud PubSub projects/p/topics/t : Resource not found (resource=t).',
        'notFound',
      ),
      'topic_invalid',
    ],
    [
      403,
      body(
        'Error sending test message to Cloud PubSub projects/p/topics/t : Cloud Pub/Sub API has not been used in project 1 before or it is disabled.',
        'forbidden',
      ),
      'topic_invalid',
    ],
    [400, body('Invalid topicName does not match projects/p/topics/*', 'invalidArgument'), 'topic_invalid'],
    [400, body('Invalid label: Label_9', 'invalidArgument'), 'label_invalid'],
    [403, body('Domain policy has disabled third-party Drive apps', 'domainPolicy'), 'admin_policy_enforced'],
    [403, body('Not allowed', 'forbidden'), 'gmail_refused'],
    [400, undefined, 'gmail_refused'],
    [400, { error: 'invalid' }, 'gmail_refused'],
    [403, { error: { message: 7, errors: { reason: 'x' }, details: [null, 'x'] } }, 'gmail_refused'],
    [302, '<html>', 'gmail_unavailable'],
    [407, '<html>', 'gmail_unavailable'],
    [200, '<html>', 'gmail_unavailable'],
    [204, undefined, 'gmail_unavailable'],
    [400, '<html>Error 400 (Bad Request)!!1', 'gmail_unavailable'],
    [403, '<html>', 'gmail_unavailable'],
    [404, '<html>Error 404 (Not Found)!!1', 'gmail_unavailable'],
    [404, undefined, 'gmail_unavailable'],
    [404, { message: 'no Route matched with those values' }, 'gmail_unavailable'],
    [400, body('Invalid startHistoryId', 'invalidArgument'), 'gmail_not_found'],
    [400, body('Missing/invalid parameter: startHistoryId', 'invalidArgument'), 'gmail_not_found'],
    [400, body('Precondition check failed.', 'failedPrecondition'), 'gmail_unavailable'],
    [
      400,
      { error: { message: 'Precondition check failed.', status: 'FAILED_PRECONDITION' } },
      'gmail_unavailable',
    ],
    [400, body('Bad Request', 'failedPrecondition'), 'gmail_unavailable'],
    [409, body('The operation was aborted.', 'aborted'), 'gmail_unavailable'],
  ])('reads %i %j as %s', (status, answer, code) => {
    const error = explainGmailError({ status, body: answer }, NOW);
    expect(error).toBeInstanceOf(GmailApiError);
    expect(error.code).toBe(code);
  });

  const NOT_ENABLED =
    'Gmail API has not been used in project 1234567890 before or it is disabled. Enable it by visiting ' +
    'https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=1234567890 then retry. If you ' +
    'enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
  const disabled = (metadata: object) => ({
    error: { message: 'x', status: 'PERMISSION_DENIED', details: [{ reason: 'SERVICE_DISABLED', metadata }] },
  });
  it.each([
    [body(NOT_ENABLED, 'accessNotConfigured'), 'project 1234567890 of'],
    [body(NOT_ENABLED), 'project 1234567890 of'],
    [disabled({ consumer: 'projects/my-project-1' }), 'project my-project-1 of'],
    [disabled({}), 'project of GOOGLE_CLIENT_ID'],
  ])('says where the Gmail API is enabled, and not to wait: %j', (answer, named) => {
    const error = explainGmailError({ status: 403, body: answer }, NOW) as GmailApiError;
    expect([error.code, error.retryable]).toEqual(['gmail_api_not_enabled', false]);
    expect(error.message).toContain(`https://console.cloud.google.com/apis/library/gmail.googleapis.com`);
    expect(error.message).toContain(named);
    expect(error.message).not.toMatch(/moment|Inboxwire/);
  });

  it('treats missing permissions as a grant that is not enough', () => {
    const legacy = explainGmailError({
      status: 403,
      body: body('Insufficient Permission', 'insufficientPermissions'),
    });
    expect(legacy).toBeInstanceOf(GrantDeadError);
    const details = { error: { message: 'x', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } };
    expect(explainGmailError({ status: 403, body: details })).toBeInstanceOf(GrantDeadError);
    const unnamed = body('Request had insufficient authentication scopes.');
    expect(explainGmailError({ status: 403, body: unnamed })).toBeInstanceOf(GrantDeadError);
    const narrower = body("Metadata scope doesn't allow format FULL", 'forbidden');
    expect(explainGmailError({ status: 403, body: narrower })).toBeInstanceOf(GrantDeadError);
  });

  it.each([
    ['30', 'Rate Limit Exceeded', '2026-05-01T12:00:30.000Z'],
    ['Fri, 01 May 2026 12:05:00 GMT', 'Rate Limit Exceeded', '2026-05-01T12:05:00.000Z'],
    [null, 'User-rate limit exceeded.  Retry after 2026-05-01T12:15:30.123Z', '2026-05-01T12:15:30.123Z'],
    [null, 'Rate Limit Exceeded', undefined],
    // No time to wait: as after a refusal that names none.
    ['0', 'Rate Limit Exceeded', undefined],
    [null, 'Retry after 2026-05-01T11:59:59Z', undefined],
    [null, 'Retry after 5 seconds', '2026-05-01T12:00:05.000Z'],
  ])('finds the time to wait in %j and %j', (header, message, expected) => {
    const error = explainGmailError(
      { status: 429, retryAfter: header, body: body(message) },
      NOW,
    ) as GmailApiError;
    expect(error.details.retryAt?.toISOString()).toBe(expected);
  });

  const metric = (limit: string) =>
    `Quota exceeded for quota metric 'Queries' and limit '${limit}' of service 'gmail.googleapis.com' for consumer 'project_number:1'.`;
  const limited = (quota_limit: string) => ({
    error: { message: 'x', details: [{ reason: 'RATE_LIMIT_EXCEEDED', metadata: { quota_limit } }] },
  });
  it.each([
    [body(metric('Queries per minute'), 'rateLimitExceeded'), true],
    [body(metric('Queries per minute per user'), 'rateLimitExceeded'), false],
    [limited('defaultPerMinutePerProject'), true],
    [limited('defaultPerMinutePerUser'), false],
    [body('Rate Limit Exceeded', 'rateLimitExceeded'), false],
    [body('Daily Limit Exceeded', 'dailyLimitExceeded'), false],
    [body('Too many concurrent requests for user', 'rateLimitExceeded'), false],
  ])('takes for a limit of the whole project only one that Google names as such: %j', (answer, expected) => {
    const error = explainGmailError({ status: 429, body: answer }, NOW) as GmailApiError;
    expect([error.code, error.details.ofProject]).toEqual(['rate_limited', expected]);
  });
});
