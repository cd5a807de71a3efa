import type { GoogleState } from '../google-state';
import { html, json, type HttpRequest, type HttpResponse } from '../http/exchange';
import { LocalMailboxes } from '../local-mailboxes';
import { ACCOUNT_ROUTES } from './account.routes';
import type { ControlRoute } from './control-route';
import { controlPage } from './control-page';
import { ControlError } from './fields';
import { MAIL_ROUTES } from './mail.routes';
import { TROUBLE_ROUTES } from './trouble.routes';

const ROUTES: readonly ControlRoute[] = [...ACCOUNT_ROUTES, ...MAIL_ROUTES, ...TROUBLE_ROUTES];
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

export function isControl(path: string): boolean {
  return path === '/' || path === '/control' || path.startsWith('/control/');
}

/** The page, and the JSON API that it uses: what only the owners of mailboxes and Google itself do. */
export async function control(state: GoogleState, request: HttpRequest): Promise<HttpResponse> {
  try {
    refuseOtherSites(request);
    if (request.path === '/' && request.method === 'GET') return html(200, controlPage(state));
    if (request.path === '/control' && request.method === 'GET') return json(200, description());
    const route = routeOf(request);
    return await route.run({
      state,
      mailboxes: new LocalMailboxes(state),
      query: request.query,
      body: request.body,
    });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return json(error.status, { error: error.message, help: '/control' });
  }
}

function routeOf({ method, path }: HttpRequest): ControlRoute {
  const here = ROUTES.filter((route) => route.path === path);
  const route = here.find((candidate) => candidate.method === method);
  if (route !== undefined) return route;
  if (here.length === 0)
    throw new ControlError(404, `There is no ${path}. GET /control lists what there is.`);
  throw new ControlError(405, `${path} takes ${here.map((other) => other.method).join(' and ')}.`);
}

/** A page of somewhere else that is open in the same browser must not send mail here. */
function refuseOtherSites({ method, headers }: HttpRequest): void {
  if (!LOOPBACK.test(headers.host ?? '')) throw new ControlError(403, 'Call this by a loopback address.');
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host}`)
    throw new ControlError(403, `Pages of ${origin} may not control the local Google.`);
  if (method === 'POST' && !/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new ControlError(415, 'Send JSON, with content-type: application/json.');
}

function description(): object {
  const calls = ROUTES.map(({ method, path, does, takes = {} }) => ({ method, path, does, takes }));
  const about =
    'The local Google: OAuth, Gmail and Pub/Sub on one origin, for tests. ' +
    'POST takes JSON bodies; GET and DELETE take query parameters. Errors are {"error": "…"}.';
  return { about, calls };
}
