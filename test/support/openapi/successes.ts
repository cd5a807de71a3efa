import { BrandSettings } from '../../../src/config/settings';
import { eventually } from '../eventually';
import type { Operation } from './description';
import { type Ask, type Received, send } from './ask';
import { requestOf } from './requests';
import type { PopulatedApp } from './populated-app';

/** Requests that an operation answers as it should, in place of the one of `requestOf`: what they do away with is their own. */
const OWN: Record<string, (ask: Ask, populated: PopulatedApp) => Promise<Ask[]> | Ask[]> = {
  revokeApiKey: async (ask, { app: { api } }) => {
    const { id } = await api.post('/v1/api-keys', { name: 'x', scopes: ['read'] }, 201);
    return [{ ...ask, path: `/v1/api-keys/${id}` }];
  },
  deleteEndpoint: async (ask, { app: { api } }) => {
    const { id } = await api.post('/v1/endpoints', { url: 'https://example.com/' }, 201);
    return [{ ...ask, path: `/v1/endpoints/${id}` }];
  },
  createMailbox: (ask, { app }) => {
    app.google.addAccount('hal@example.com');
    // New at first, and known then.
    return Array.from({ length: 2 }, () => ({ ...ask, body: { emailAddress: 'hal@example.com' } }));
  },
  backfillMailbox: (ask) =>
    [true, false].map((dryRun) => ({ ...ask, body: { ...(ask.body as object), dryRun } })),
  disconnectMailbox: async (ask, { app }) => {
    const { id } = await app.connect('fay@example.com');
    return [{ ...ask, path: `/v1/mailboxes/${id}` }];
  },
  retryDelivery: (ask, { dead, delivered }) => [{ ...ask, path: ask.path.replace(delivered, dead) }],
  listEvents: (ask) => [{ ...ask, path: `${ask.path}?types=message.added&limit=1` }],
  listDeliveries: (ask) => [{ ...ask, path: `${ask.path}?status=dead&limit=1` }],
  getMessage: (ask) =>
    ['full', 'metadata', 'raw'].map((format) => ({ ...ask, path: `${ask.path}?format=${format}` })),
};

/** The answers of an operation to requests that are good. */
export async function succeeded(operation: Operation, populated: PopulatedApp): Promise<Received[]> {
  const ask = requestOf(operation, populated);
  const asks = (await OWN[operation.id]?.(ask, populated)) ?? [ask];
  const answers: Received[] = [];
  for (const each of asks) answers.push(await send(populated.app.service.address, each));
  return answers;
}

/** What browsers of mailbox owners are answered on their way, by operation. */
export async function pages(populated: PopulatedApp): Promise<[operationId: string, answer: Received][]> {
  const { app } = populated;
  const { google, api } = app;
  const visit = (url: string) => {
    const { pathname, search } = new URL(url);
    const cookie = google.browser.cookieFor(url);
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    return send(app.service.address, { method: 'GET', path: pathname + search, key: null, headers });
  };
  const link = async (session: object = {}) => (await api.post('/v1/connect-sessions', session, 201)).url;
  const callback = async (session: object = {}, choice: object = {}) => {
    const url = await link(session);
    return { url, back: await google.consent(url, { account: 'gus@example.com', ...choice }) };
  };
  google.addAccount('gus@example.com');
  const first = await callback();
  const [shown, used] = [await visit(first.back), await visit(first.back.replace('code=', 'code=x'))];
  const sent = await visit((await callback({ redirectUrl: 'https://app.example.com/' })).back);
  const refused = await visit((await callback({}, { approve: false })).back);
  google.failNext({ method: 'oauth2.token', status: 503 });
  const away = await visit((await callback()).back);
  google.failNext({ method: 'oauth2.token', status: 401, reason: 'deleted_client' });
  const misconfigured = await visit((await callback()).back);
  const gone = await eventually(() => visit(first.url), { until: ({ status }) => status === 410 });
  // As with CONNECT_PAGE=true.
  const brand = app.service.application.get(BrandSettings, { strict: false });
  brand.connectPage = true;
  const asked = await visit(await link());
  brand.connectPage = false;
  return [
    ['openConnectSession', asked],
    ['openConnectSession', await visit(await link())],
    ['openConnectSession', await visit(`${app.service.address}/connect/nothing`)],
    ['openConnectSession', gone],
    ...[shown, used, sent, refused, away, misconfigured].map((answer): [string, Received] => [
      'receiveConsent',
      answer,
    ]),
  ];
}
