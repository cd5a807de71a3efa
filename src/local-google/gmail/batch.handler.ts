import { randomBytes } from 'node:crypto';
import type { GoogleState } from '../google-state';
import { json, type HttpResponse, type HttpRequest } from '../http/exchange';
import { readBatch, writeBatch, type BatchResponse, type BatchPart } from './batch-parts';
import { callGmail } from './gmail.handler';
import { GmailError, gmailErrorBody } from './gmail-error';

const MAX_CALLS = 100;
const TOO_MANY = 'Too many concurrent requests for user';

/**
 * Up to 100 calls in one request, each checked and charged on its own, answered in any order:
 * https://developers.google.com/workspace/gmail/api/guides/batch
 */
export async function batch(state: GoogleState, request: HttpRequest): Promise<HttpResponse> {
  const parts = readBatch(request);
  if (parts === null) return refused('Failed to parse batch request, error: missing or invalid boundary.');
  if (parts.length > MAX_CALLS)
    return refused(`The batch request exceeds the maximum number of calls: ${MAX_CALLS}`);
  const answers = await Promise.all(parts.map((part, index) => answerPart(state, part, index)));
  const ordered = state.switches.shuffleBatch ? state.random.shuffle(answers) : answers;
  return writeBatch(ordered, `batch_${randomBytes(18).toString('base64url')}`);
}

async function answerPart(
  state: GoogleState,
  { contentId, request }: BatchPart,
  index: number,
): Promise<BatchResponse> {
  if (request === null)
    return { contentId, answer: refused('Failed to parse batch request, error: malformed part.') };
  if (index >= (state.switches.batchPartsAnswered ?? MAX_CALLS))
    return { contentId, answer: new GmailError(429, 'rateLimitExceeded', TOO_MANY).toResponse() };
  return { contentId, answer: await callGmail(state, request, true) };
}

function refused(message: string): HttpResponse {
  return json(400, gmailErrorBody(400, 'badRequest', message));
}
