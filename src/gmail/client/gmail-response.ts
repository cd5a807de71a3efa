import { explainGmailError, type GoogleResponse } from './explain-gmail-error';
import { GmailApiError } from '../gmail.errors';

/** The body of an answer that is a success; everything else is thrown in our words. */
export function success<T>(answer: GoogleResponse): T {
  if (
    answer.status >= 200 &&
    answer.status < 300 &&
    (typeof answer.body === 'object' || answer.status === 204)
  )
    return answer.body as T;
  if (answer.status >= 200 && answer.status < 300 && !answer.body) return {} as T;
  throw explainGmailError(answer.status < 300 ? { ...answer, status: 502 } : answer);
}

/** An answer that came and lacks what it must have. */
export function unreadable(method: string, missing: string): GmailApiError {
  return new GmailApiError(
    'gmail_unavailable',
    `Gmail's answer to ${method} lacks ${missing}; it will be asked again.`,
  );
}

/** The SDK's errors carry the request, and with it the token: only what was said is kept. */
export function withoutRequest(error: unknown): Error {
  return error instanceof Error ? new Error(error.message) : new Error(String(error));
}

/** @returns undefined for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
