import { GrantDeadError } from '../../auth/auth.errors';
import { GmailApiError } from '../gmail.errors';
import { readRetryAfter, readRetryAfterText } from '../../common/retry-after';

/** Google's error body, https://developers.google.com/workspace/gmail/api/guides/handle-errors */
interface GoogleError {
  message: string | undefined;
  errors: { reason?: string }[];
  details: { reason?: string; metadata?: { quota_limit?: string; consumer?: string } }[];
}

export interface GoogleResponse {
  status: number;
  retryAfter?: string | null;
  /** The `Date` header. */
  date?: string | null;
  body: unknown;
}

const RATE_LIMIT_REASONS = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
  'RATE_LIMIT_EXCEEDED',
]);
/** Too late, too early, at the same moment as another change, or not from Google at all, but from a proxy in between. */
const PASSING = new Set([407, 408, 409, 425]);
const SCOPE_REASONS = new Set(['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);

/** Turns a response that is no success into our error, by Google's reasons first and its status second. */
export function explainGmailError(
  response: GoogleResponse,
  now = Date.now(),
): GmailApiError | GrantDeadError {
  const { status } = response;
  const refusal = readRefusal(response);
  const { said, reasons, cause } = refusal;
  if (status === 401)
    return new GmailApiError('token_rejected', 'Gmail rejected the access token.', { status, cause });
  if (status === 429 || reasons.some((reason) => RATE_LIMIT_REASONS.has(reason)))
    return rateLimited(response, refusal, now);
  if (isForeign(response)) return new GmailApiError('gmail_unavailable', FOREIGN, { status, cause });
  if ((status === 404 && !OF_THE_TOPIC.test(said)) || (status === 400 && OF_THE_START.test(said)))
    return new GmailApiError('gmail_not_found', 'Gmail has no such thing any more.', { status, cause });
  if (status === 403 && lacksScope(refusal))
    return new GrantDeadError(
      'insufficient_scope',
      'The grant lacks a permission that Inboxwire needs. Let the owner connect the mailbox again and tick every box.',
      cause,
    );
  if (status >= 500 || PASSING.has(status) || status < 400)
    return new GmailApiError('gmail_unavailable', 'Gmail is unavailable; it will be asked again.', {
      status,
      cause,
    });
  if (status === 403 && isNotEnabled(refusal) && !OF_THE_TOPIC.test(said))
    return new GmailApiError('gmail_api_not_enabled', notEnabled(refusal), { status, cause });
  if (status === 403 && reasons.includes('domainPolicy'))
    return new GmailApiError('admin_policy_enforced', ADMIN_POLICY, { status, cause });
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(said));
  if (!known && status === 400 && isPassingPrecondition(refusal))
    return new GmailApiError('gmail_unavailable', PRECONDITION, { status, cause });
  return new GmailApiError(known?.code ?? 'gmail_refused', known?.remedy ?? `Google refused: ${said}`, {
    status,
    cause,
  });
}

/** Whether the response says of the token that it is dead, or that it lacks a permission: another token may not be refused. */
export function refusesToken(response: GoogleResponse): boolean {
  const { status } = response;
  return status === 401 || (status === 403 && explainGmailError(response) instanceof GrantDeadError);
}

/** Whether Gmail says that a thing is not there: a 404 of something in between says nothing of it. */
export function isNotFound(response: GoogleResponse): boolean {
  return response.status === 404 && !isForeign(response);
}

/** A text that is no JSON, or a 404 without Google's error: a page of a proxy, a firewall, a sign-in to the network. */
function isForeign({ status, body }: GoogleResponse): boolean {
  const isText = typeof body === 'string' && body !== '';
  const isBare404 = status === 404 && typeof objectOf(body).error !== 'object';
  return status < 500 && (isText || isBare404);
}

const FOREIGN =
  "What answered was not Gmail's API, but a page of a proxy, a firewall or a sign-in in between; it will be asked again.";

interface Refusal {
  error: GoogleError;
  said: string;
  reasons: string[];
  cause: Error;
}

function readRefusal({ status, body }: GoogleResponse): Refusal {
  const error = readError(body);
  const said = error.message ?? `HTTP ${status}`;
  const reasons = [...error.errors, ...error.details].flatMap(({ reason }) => reason ?? []);
  const listed = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
  return { error, said, reasons, cause: new Error(`Google answered ${status}${listed}: ${said}`) };
}

/** What does not have its documented type counts as not there: an answer is data from outside. */
function readError(body: unknown): GoogleError {
  const { message, errors, details } = objectOf(objectOf(body).error);
  return {
    message: typeof message === 'string' ? message : undefined,
    errors: listOf(errors),
    details: listOf(details),
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): Record<string, never>[] {
  return Array.isArray(value) ? value.map((one) => objectOf(one) as Record<string, never>) : [];
}

function rateLimited(
  { status, retryAfter, date }: GoogleResponse,
  { error, said, cause }: Refusal,
  now: number,
): GmailApiError {
  const named = readRetryAfter(retryAfter, { now, date }) ?? readRetryAfterText(said, { now, date });
  // A time that has come, and another refusal at once, would be asked for without end.
  const wait = named !== undefined && named >= MIN_WAIT_MS ? named : undefined;
  return new GmailApiError('rate_limited', 'Gmail asked to slow down; Inboxwire waits and goes on.', {
    status,
    retryAt: wait === undefined ? undefined : new Date(now + wait),
    ofProject: isOfProject(said, error),
    cause,
  });
}

/** A wait that is shorter is none: who asks waits as long as after a refusal that names no time. */
const MIN_WAIT_MS = 1_000;

/** With the scope gmail.metadata, a call that asks for more is refused under the reason `forbidden`: only its sentence differs. */
function lacksScope({ reasons, said }: Refusal): boolean {
  return (
    reasons.some((reason) => SCOPE_REASONS.has(reason)) ||
    /^metadata scope|insufficient authentication scopes/i.test(said)
  );
}

/** https://cloud.google.com/service-usage/docs/enabled-service: every project begins without the API. */
function isNotEnabled({ reasons, said }: Refusal): boolean {
  return (
    reasons.some((reason) => reason === 'accessNotConfigured' || reason === 'SERVICE_DISABLED') ||
    /has not been used in project \S+ before or it is disabled/i.test(said)
  );
}

/** Google names the project by its number or its id, in one of two places. */
function notEnabled({ error, said }: Refusal): string {
  const consumer = error.details.find(({ metadata }) => metadata?.consumer)?.metadata?.consumer;
  const project =
    /^projects\/([\w:.-]+)$/.exec(consumer ?? '')?.[1] ?? /\bproject ([\w:.-]+)/i.exec(said)?.[1];
  return (
    `The Gmail API is not enabled in the Google Cloud project${project ? ` ${project}` : ''} of GOOGLE_CLIENT_ID. Choose the ` +
    'project and enable it at https://console.cloud.google.com/apis/library/gmail.googleapis.com ; it takes some minutes.'
  );
}

/**
 * Gmail says so of calls that it answers a moment later, a few in a thousand: https://github.com/googleapis/google-api-php-client/issues/2558
 * It says the same of an account that has no Gmail, for as long as it has none.
 */
function isPassingPrecondition({ reasons, said }: Refusal): boolean {
  return reasons.includes('failedPrecondition') || /^precondition check failed/i.test(said);
}

const PRECONDITION =
  'Gmail refused for a moment (Precondition check failed); it will be asked again. If this stays, the account has no Gmail: an ' +
  'administrator enables it in the Workspace admin console.';

const ADMIN_POLICY =
  "The administrator of the account's Google Workspace domain does not allow this application. An administrator can trust the " +
  'OAuth client GOOGLE_CLIENT_ID under https://admin.google.com/ac/owl ; then connect the mailbox again.';

/**
 * Whether the limit of the whole project was reached. The reasons do not say: `rateLimitExceeded` stands for both. Only a
 * limit that Google names counts, for one mailbox that is refused must never slow the others down.
 */
function isOfProject(said: string, error: GoogleError): boolean {
  const limit = error.details.find(({ metadata }) => metadata?.quota_limit)?.metadata?.quota_limit;
  const named = limit ?? /^quota exceeded for quota metric .*? and limit '(.*?)'/i.exec(said)?.[1];
  return named !== undefined && !/user/i.test(named);
}

/** Gmail publishes to the topic before it takes a watch, and hands on what Pub/Sub says of that. */
const OF_THE_TOPIC = /error sending test message to cloud pub\/?sub/i;

/** Google says 404 of a history that has expired, "typically": https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list */
const OF_THE_START = /start_?history_?id/i;

/** Refusals that differ by their sentence only. */
const EXPLANATIONS = [
  {
    pattern: /mail service not enabled/i,
    code: 'mail_service_not_enabled',
    remedy:
      'The account has no Gmail. Enable Gmail for it in the Workspace admin console; it is tried again every hour.',
  },
  {
    pattern: /only one user push notification client/i,
    code: 'other_watch_client',
    remedy: 'Another topic has the watch of this mailbox. Use one topic for each Google Cloud project.',
  },
  {
    pattern:
      /error sending test message to cloud pub\/?sub.*(resource not found|has not been used in project)/is,
    code: 'topic_invalid',
    remedy:
      'PUBSUB_TOPIC does not exist, or the Pub/Sub API is not enabled in its project: enable it at ' +
      'https://console.cloud.google.com/apis/library/pubsub.googleapis.com , and make the topic in the Google Cloud project of GOOGLE_CLIENT_ID.',
  },
  {
    pattern: OF_THE_TOPIC,
    code: 'topic_permission_denied',
    remedy:
      'Gmail may not publish to PUBSUB_TOPIC. Give gmail-api-push@system.gserviceaccount.com the role roles/pubsub.publisher on the topic ' +
      '(with domain-restricted sharing, allow that account in the organization policy); new permissions take some minutes.',
  },
  {
    pattern: /invalid topicname/i,
    code: 'topic_invalid',
    remedy: 'PUBSUB_TOPIC must exist and belong to the Google Cloud project of GOOGLE_CLIENT_ID.',
  },
  {
    pattern: /invalid label|labelId not found/i,
    code: 'label_invalid',
    remedy: 'The mailbox has no label with one of these ids. Read the ids from users.labels.list.',
  },
] as const;
