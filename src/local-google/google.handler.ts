import { callAdmin, findAdminMethod } from './admin/admin.handler';
import { adminToken, exchangeToken } from './admin/admin-token';
import { control, isControl } from './control/control.handler';
import type { FaultOptions } from './faults';
import { batch } from './gmail/batch.handler';
import { callGmail } from './gmail/gmail.handler';
import { gmailErrorBody } from './gmail/gmail-error';
import type { GoogleState } from './google-state';
import type { OtherMethodName } from './method-names';
import { notFoundPage, type HttpResponse, type HttpHandler, type HttpRequest } from './http/exchange';
import { authorize } from './oauth/authorize.handler';
import { OAuthError, oauthErrorBody } from './oauth/oauth-error';
import { revoke } from './oauth/revoke.handler';
import { decode } from './oauth/service-accounts';
import { token } from './oauth/token.handler';

interface Route {
  method: OtherMethodName;
  verbs: readonly string[];
  run: (state: GoogleState, request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
}

/** All of Google's hosts on one origin; their paths do not collide. */
const ROUTES: Record<string, Route> = {
  '/batch/gmail/v1': { method: 'batch.gmail', verbs: ['POST'], run: batch },
  '/o/oauth2/v2/auth': { method: 'oauth2.authorize', verbs: ['GET', 'POST'], run: authorize },
  '/token': {
    method: 'oauth2.token',
    verbs: ['POST'],
    run: (state, request) => adminToken(state, request) ?? token(state, request),
  },
  '/v1/token': { method: 'sts.token', verbs: ['POST'], run: exchangeToken },
  '/revoke': { method: 'oauth2.revoke', verbs: ['POST'], run: revoke },
  '/oauth2/v1/certs': { method: 'oauth2.certs.pem', verbs: ['GET'], run: (state) => state.keys.pem() },
  '/oauth2/v3/certs': { method: 'oauth2.certs.jwk', verbs: ['GET'], run: (state) => state.keys.jwk() },
};

export function googleHandler(state: GoogleState): HttpHandler {
  return async (request) => {
    if (request.path.startsWith('/gmail/v1/')) return callGmail(state, request);
    if (isControl(request.path)) return control(state, request);
    const administration = findAdminMethod(request);
    if (administration !== undefined) return callAdmin(state, request, administration);
    const route = ROUTES[request.path];
    if (!route?.verbs.includes(request.method)) return notFoundPage(request.path);
    return answer(state, route, request);
  };
}

async function answer(
  state: GoogleState,
  { method, run }: Route,
  request: HttpRequest,
): Promise<HttpResponse> {
  const account = accountOf(state, request);
  const { path } = request;
  const entry = { method, account, at: state.clock.now(), status: 0, units: 0, path, batched: false };
  try {
    const given = await state.faults.around(
      { method, path, account, errorBody: (fault) => errorBody(method, fault) },
      async () => {
        try {
          return await run(state, request);
        } catch (error) {
          if (error instanceof OAuthError) return error.toResponse();
          throw error;
        }
      },
    );
    entry.status = given.status;
    return given;
  } finally {
    state.log.add(entry);
  }
}

/** Whose grant a token or revocation request is about, as far as it can be known. */
function accountOf(state: GoogleState, request: HttpRequest): string | null {
  const isForm = request.headers['content-type']?.includes('urlencoded') ?? false;
  const form = new URLSearchParams(isForm ? request.body.toString('utf8') : '');
  const assertion = form.get('assertion');
  if (assertion !== null) return String(decode(assertion.split('.')[1] ?? '').sub).toLowerCase();
  const value = form.get('refresh_token') ?? form.get('token') ?? request.query.get('token');
  if (value !== null) return state.grants.grantByToken(value)?.account ?? null;
  return form.get('account')?.toLowerCase() ?? null;
}

function errorBody(method: string, { status = 500, reason, message }: FaultOptions): object {
  if (method === 'batch.gmail') return gmailErrorBody(status, reason, message);
  return oauthErrorBody(reason ?? 'internal_failure', message);
}
