import { wrapped } from '../webhook/push';
import type { Operation } from './description';
import { type Ask, type Received, send } from './ask';
import { requestOf } from './requests';
import { ADA, EVE, type PopulatedApp } from './populated-app';

type Refusal = (ask: Ask, populated: PopulatedApp, operation: Operation) => Ask | Promise<Received>;

const NEVER = '01h455vb4pex5vsknk084sn02q';

const toService = (populated: PopulatedApp, ask: Ask) => send(populated.app.service.address, ask);

const query = (populated: PopulatedApp, text: string, values: unknown[] = []) =>
  populated.app.database.dataSource.query(text, values);

const idempotent = (ask: Ask, key: string, path = ask.path): Ask => ({
  ...ask,
  path,
  headers: { 'idempotency-key': key },
});

const withQuery = (path: string, text: string) => `${path}${path.includes('?') ? '&' : '?'}${text}`;

/** Asks while Google refuses. */
const google =
  (fault: object): Refusal =>
  async (ask, populated) => {
    const armed = populated.app.google.failNext({ path: /^\/gmail\//, account: ADA, times: 3, ...fault });
    const answer = await toService(populated, ask);
    armed.options.times = 0;
    return answer;
  };

/** Asks while the token endpoint refuses. */
const tokens = (fault: object): Refusal => google({ path: /^\/token$/, times: 1, ...fault });

/** Asks while secrets are under a key that is not there. */
const unreadable =
  (table: string, column: string): Refusal =>
  async (ask, populated) => {
    const rename = (from: string, to: string) =>
      query(populated, `UPDATE ${table} SET ${column} = regexp_replace(${column}, $1, $2)`, [from, to]);
    await rename('^1:', 'lost:');
    // A token in memory is of no use any more either.
    if (table === 'grants') populated.app.google.killAccessTokens(ADA);
    const answer = await toService(populated, ask);
    await rename('^lost:', '1:');
    return answer;
  };

/** How each code is come by, whichever operation it is that answers with it. What needs an outage is not here. */
export const REFUSALS: Record<string, Refusal> = {
  unauthorized: (ask) => ({ ...ask, key: null }),
  missing_scope: (ask, { reader, nobody }, { described }) => ({
    ...ask,
    key: described.description.includes('scope `read`') ? nobody : reader,
  }),
  rate_limited: async (ask, { strict }) => {
    await send(strict.address, { ...ask, method: 'GET', path: '/v1/nothing', body: undefined });
    return send(strict.address, ask);
  },
  malformed_path: (ask, _, { path }) => ({ ...ask, path: path.replaceAll(/\{\w+\}/g, '%E0%A4%A') }),
  malformed_body: (ask) => ({ ...ask, body: '{' }),
  payload_too_large: (ask) => ({ ...ask, body: { text: 'x'.repeat(1024 * 1024) } }),
  unsupported_media_type: (ask) => ({ ...ask, headers: { 'content-type': 'text/plain' }, body: 'x' }),
  headers_too_large: (ask) => ({ ...ask, headers: { 'x-long': 'x'.repeat(17 * 1024) } }),
  validation_failed: (ask, _, { described: { parameters = [], requestBody } }) => {
    if (requestBody) return { ...ask, body: { ...(ask.body as object), colour: 'red' } };
    const hasQuery = parameters.some((parameter) => parameter.in === 'query');
    return hasQuery ? { ...ask, path: withQuery(ask.path, 'colour=red') } : idempotent(ask, 'a b');
  },
  idempotency_key_reused: async (ask, populated, { id }) => {
    await toService(populated, idempotent(ask, id));
    return toService(populated, idempotent(ask, id, withQuery(ask.path, 'once=more')));
  },
  idempotency_key_in_use: async (ask, populated, { id }) => {
    await toService(populated, idempotent(ask, `${id}-2`));
    await query(
      populated,
      `UPDATE idempotency_keys SET status = NULL, body = NULL, claimed_until = now() + interval '1h' WHERE key = $1`,
      [`${id}-2`],
    );
    return toService(populated, idempotent(ask, `${id}-2`));
  },
  not_found: (ask) => ({
    ...ask,
    path: ask.path.replace(/(?<=\/(mbx|evt|end|key|cns)_)\w{26}|(?<=\/dlv_)\w{52}/, (id) =>
      NEVER.repeat(id.length / 26),
    ),
  }),
  mailbox_not_active: (ask, { ada, bob }) => ({ ...ask, path: ask.path.replace(ada, bob) }),
  mailbox_erased: async (ask, populated) => {
    const { ada, bob } = populated;
    await query(populated, `INSERT INTO erasures (mailbox_id, due_at) VALUES ($1, 'infinity')`, [bob]);
    const answer = await toService(populated, { ...ask, path: ask.path.replace(ada, bob) });
    await query(populated, 'DELETE FROM erasures WHERE mailbox_id = $1', [bob]);
    return answer;
  },
  backfill_running: async (ask, populated) => {
    const { ada } = populated;
    await query(
      populated,
      `INSERT INTO backfills (mailbox_id, since, due_at) VALUES ($1, now(), 'infinity')`,
      [ada],
    );
    const answer = await toService(populated, ask);
    await query(populated, 'DELETE FROM backfills WHERE mailbox_id = $1', [ada]);
    return answer;
  },
  delivery_not_dead: (ask) => ask,
  endpoint_disabled: async (ask, populated) => {
    const { endpoint, delivered, dead } = populated;
    const become = (status: string) =>
      query(populated, 'UPDATE endpoints SET status = $1 WHERE id <> $2', [status, endpoint]);
    await become('disabled');
    const answer = await toService(populated, { ...ask, path: ask.path.replace(delivered, dead) });
    await become('enabled');
    return answer;
  },
  too_many_secrets: async (ask, populated) => {
    for (let rotations = 0; rotations < 4; rotations++) await toService(populated, ask);
    return toService(populated, ask);
  },
  busy: (ask, { ada, eve }, { id }) => ({
    ...ask,
    path: ask.path.replace(ada, eve),
    ...(id === 'createMailbox' && { body: { emailAddress: EVE } }),
  }),
  cursor_expired: (ask) =>
    ask.method === 'POST'
      ? { ...ask, body: { after: `evt_${NEVER}` } }
      : { ...ask, path: withQuery(ask.path, `after=evt_${NEVER}`) },
  endpoint_url_forbidden: (ask) => ({ ...ask, body: { url: 'ftp://example.com/' } }),
  forbidden_subscription: (ask) => ({
    ...ask,
    body: wrapped('x', { subscription: 'projects/p/subscriptions/s' }),
  }),
  insufficient_scope: google({ status: 403, reason: 'insufficientPermissions' }),
  google_refused: google({ status: 403, reason: 'domainPolicy' }),
  google_unavailable: google({ status: 503, reason: 'backendError' }),
  delegation_not_configured: (ask, { consentOnly }) => send(consentOnly.address, ask),
  delegation_denied: tokens({ status: 401, reason: 'unauthorized_client' }),
  service_account_refused: tokens({ reason: 'invalid_grant', message: 'Invalid JWT Signature.' }),
  user_not_found: tokens({ reason: 'invalid_grant' }),
  mail_service_not_enabled: google({
    ...{ status: 400, reason: 'failedPrecondition', message: 'Mail service not enabled' },
  }),
  grant_unreadable: unreadable('grants', 'access_token'),
  endpoint_secret_unreadable: unreadable('endpoint_secrets', 'secret'),
};

/** The answer of an operation when it is refused with this code. */
export async function refused(
  operation: Operation,
  code: string,
  populated: PopulatedApp,
): Promise<Received> {
  const made = REFUSALS[code]!(requestOf(operation, populated), populated, operation);
  return made instanceof Promise ? made : toService(populated, made);
}
