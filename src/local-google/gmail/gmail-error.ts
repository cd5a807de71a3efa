import { json, type HttpResponse } from '../http/exchange';

export interface GmailErrorDetail {
  domain?: string;
  location?: string;
  locationType?: string;
  details?: unknown[];
  status?: string;
}

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};
const USAGE_REASONS = new Set([
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
]);
const WORDS: Record<string, string> = {
  rateLimitExceeded: 'Rate Limit Exceeded',
  userRateLimitExceeded: 'User Rate Limit Exceeded',
  quotaExceeded: 'Quota exceeded.',
  dailyLimitExceeded: 'Daily Limit Exceeded',
  notFound: 'Requested entity was not found.',
  backendError: 'Backend Error',
  failedPrecondition: 'Precondition check failed.',
  authError: 'Invalid Credentials',
};

/** A refusal in the shape of Google's JSON errors: https://developers.google.com/workspace/gmail/api/guides/handle-errors */
export class GmailError extends Error {
  constructor(
    readonly code: number,
    readonly reason: string,
    message: string,
    readonly detail: GmailErrorDetail = {},
  ) {
    super(message);
  }

  toResponse(): HttpResponse {
    return json(this.code, gmailErrorBody(this.code, this.reason, this.message, this.detail));
  }
}

export function gmailErrorBody(
  code: number,
  reason: string | undefined,
  message: string | undefined,
  { domain, details, status, ...where }: GmailErrorDetail = {},
): object {
  const why = reason ?? (code >= 500 ? 'backendError' : 'badRequest');
  const text = message ?? WORDS[why] ?? why;
  const precondition = why === 'failedPrecondition' ? 'FAILED_PRECONDITION' : undefined;
  const area = domain ?? (USAGE_REASONS.has(why) ? 'usageLimits' : 'global');
  return {
    error: {
      code,
      message: text,
      errors: [{ message: text, domain: area, reason: why, ...where }],
      status: status ?? precondition ?? STATUS[code] ?? 'UNKNOWN',
      ...(details === undefined ? {} : { details }),
    },
  };
}

export const notFound = (): GmailError => new GmailError(404, 'notFound', 'Requested entity was not found.');

export const invalidArgument = (message: string): GmailError =>
  new GmailError(400, 'invalidArgument', message);
