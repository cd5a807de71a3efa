import { setTimeout as sleep } from 'node:timers/promises';
import type { GoogleState } from '../google-state';
import type { FaultOptions } from '../faults';
import { notFoundPage, type HttpResponse, type HttpRequest } from '../http/exchange';
import { bearerOf, requireMailbox, requireScope, requireToken } from './access';
import { applyFieldsMask, type FieldsMask, parseFieldsMask } from './fields-mask';
import { GmailError, gmailErrorBody } from './gmail-error';
import { findGmailRoute, type GmailRoute } from './gmail-router';
import { QUOTA_COSTS } from './quota-costs';

/** One call of the Gmail API, alone or as a part of a batch: checked, charged and logged. */
export async function callGmail(
  state: GoogleState,
  request: HttpRequest,
  batched = false,
): Promise<HttpResponse> {
  const route = findGmailRoute(request.method, request.path);
  if (route === null) return notFoundPage(request.path);
  const method = route.method.name;
  const account =
    bearerOf(state, request)?.account ?? (route.userId === 'me' ? null : route.userId.toLowerCase());
  const entry = { method, account, at: state.clock.now(), status: 0, units: 0, path: request.path, batched };
  const run = async (): Promise<HttpResponse> => {
    try {
      return await execute(state, request, route, () => (entry.units = QUOTA_COSTS[method]));
    } catch (error) {
      if (error instanceof GmailError) return error.toResponse();
      throw error;
    }
  };
  try {
    const answer = await state.faults.around({ method, path: request.path, account, errorBody }, run);
    entry.status = answer.status;
    return answer;
  } finally {
    state.log.add(entry);
  }
}

async function execute(
  state: GoogleState,
  request: HttpRequest,
  { method, userId, ids }: GmailRoute,
  charged: () => void,
): Promise<HttpResponse> {
  const token = requireToken(state, request);
  requireScope(token, method.scopes, method.name);
  const mailbox = requireMailbox(state, token, userId);
  state.quota.charge(mailbox.key, QUOTA_COSTS[method.name]);
  charged();
  const fields = request.query.get('fields') ?? request.headers['x-goog-fieldmask'];
  const mask: FieldsMask = fields
    ? parseFieldsMask(String(fields), method.shape)
    : new Map<string, FieldsMask>();
  const body = readBody(request);
  const call = { state, mailbox, scopes: token.scopes, ids, query: request.query, body };
  const result = await state.quota.within(mailbox.key, async () => {
    const { latencyMs } = state.switches;
    if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
    return method.run(call);
  });
  if (result === null) return { status: 204 };
  const spaces = request.query.get('prettyPrint') === 'false' ? undefined : 2;
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8', 'cache-control': 'private' },
    body: JSON.stringify(applyFieldsMask(result, mask), null, spaces),
  };
}

function readBody(request: HttpRequest): Record<string, unknown> {
  if (request.body.length === 0) return {};
  const body = parseJson(request.body.toString('utf8'));
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new GmailError(400, 'parseError', 'Invalid JSON payload received. Parsing error.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorBody({ status = 500, reason, message }: FaultOptions): object {
  return gmailErrorBody(status, reason, message);
}
