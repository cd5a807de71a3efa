import { connect } from 'node:net';
import { eventually } from '../../support/eventually';
import { logLines } from '../../support/observability/log-lines';
import { call } from '../../support/call';
import { createTestApp, type TestApp } from '../../support/test-app';

const NO_ENDPOINT = 'end_01h455vb4pex5vsknk084sn02q';
const NO_MAILBOX = 'mbx_01h455vb4pex5vsknk084sn02q';
const NOTHING = (name: string) => `${name} is unknown: nothing can be given here`;

describe('what the API says', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  const ask = <const M extends string, const P extends string>(method: M, path: P, body?: unknown) =>
    call(app.service.address, method, path, { body });
  const logged = (message: string, requestId?: string) =>
    logLines(app.logs).filter((line) => line.msg === message && line.requestId === requestId);

  it.each([
    ['POST', '/v1/endpoints', {}, 'url', 'url is required'],
    ['POST', '/v1/api-keys', { name: 'x' }, 'scopes', 'scopes is required'],
    ['POST', '/v1/endpoints', { url: null }, 'url', 'url must be a string'],
    ['POST', '/v1/endpoints', { url: 5 }, 'url', 'url must be a string'],
    ['POST', '/v1/endpoints', { url: 'x', mailboxIds: 'mbx_1' }, 'mailboxIds', 'mailboxIds must be an array'],
    [
      'POST',
      '/v1/endpoints',
      { url: 'x', mailboxIds: [null] },
      'mailboxIds',
      'each value in mailboxIds must be a string',
    ],
    [
      'GET',
      '/v1/events?since=2026-11-22T09:00:00+02:00',
      undefined,
      'since',
      'must be a time in RFC 3339, and the + of its zone is written %2B in a query',
    ],
    [
      'GET',
      '/v1/stats?from=2026-11-22T09:00:00.123456',
      undefined,
      'from',
      'must be a time in RFC 3339, with its hour and its zone, such as 2026-11-22T09:00:00Z',
    ],
    [
      'POST',
      '/v1/api-keys',
      { name: 'x', scopes: ['read'], expiresAt: 'tomorrow' },
      'expiresAt',
      'must be a time in RFC 3339, such as 2026-11-22T09:00:00Z',
    ],
    ['GET', '/v1/events?limit=abc', undefined, 'limit', 'limit must be an integer number'],
    ['DELETE', `/v1/endpoints/${NO_ENDPOINT}?force=true`, undefined, 'force', NOTHING('force')],
    ['POST', `/v1/endpoints/${NO_ENDPOINT}/test?dry=1`, undefined, 'dry', NOTHING('dry')],
    ['POST', `/v1/endpoints/${NO_ENDPOINT}/test`, { dry: true }, 'dry', NOTHING('dry')],
    ['POST', `/v1/mailboxes/${NO_MAILBOX}/sync`, { since: 'now' }, 'since', NOTHING('since')],
    ['POST', '/v1/deliveries/dlv_1/retry', { at: 'now' }, 'at', NOTHING('at')],
    ['DELETE', `/v1/mailboxes/${NO_MAILBOX}`, { erase: true }, 'erase', NOTHING('erase')],
    [
      'DELETE',
      `/v1/mailboxes/${NO_MAILBOX}?erse=true`,
      undefined,
      'erse',
      'erse is unknown: did you mean erase?',
    ],
    ['GET', `/v1/mailboxes/${NO_MAILBOX}?limit=5`, undefined, 'limit', NOTHING('limit')],
    [
      'POST',
      '/v1/connect-sessions',
      { externalId: '' },
      'externalId',
      expect.stringMatching(/^must be text of 1 to/),
    ],
    [
      'POST',
      '/v1/endpoints',
      { url: 'https://a.example', events: [] },
      'events',
      'events is unknown: did you mean eventTypes?',
    ],
    [
      'POST',
      '/v1/connect-sessions',
      { redirectURL: 'https://a.example' },
      'redirectURL',
      'redirectURL is unknown: did you mean redirectUrl?',
    ],
    ['GET', '/v1/events?type=message.added', undefined, 'type', 'type is unknown: did you mean types?'],
    [
      'GET',
      '/v1/mailboxes?email=a@example.com',
      undefined,
      'email',
      'email is unknown: did you mean emailAddress?',
    ],
  ])(
    'to %s %s with %j names what is wrong and what was meant',
    async (method, path, body, field, message) => {
      const refused = await ask(method, path, body);
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toContainEqual({ path: field, message });
      expect(refused.body.errors!.filter((fault) => fault.path === field)).toHaveLength(1);
    },
  );

  it.each([
    ['{"url": }', 'line 1, column 9'],
    ['{\n  "url": "https://a.example",\n}', 'line 3, column 1'],
  ])('to %j names where it stops being JSON', async (body, place) => {
    const { status, body: refused } = await call(app.service.address, 'POST', '/v1/endpoints', {
      headers: { 'content-type': 'application/json' },
      text: body,
    });
    expect([status, refused.code]).toEqual([400, 'malformed_body']);
    expect(refused.detail).toMatch(`${place} (`);
    expect(refused.detail).toMatch(/Check the double quotes, commas and brackets/);
  });

  it.each([
    ['DELETE', '/v1/events', 'GET, HEAD'],
    ['POST', '/v1/events/evt_01h455vb4pex5vsknk084sn02q?x=1', 'GET, HEAD'],
    ['PUT', '/v1/endpoints', 'GET, HEAD, POST'],
    ['GET', '/webhooks/gmail', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
  ])('to %s %s is 405 with the methods that there are', async (method, path, allow) => {
    const { status, headers, body } = await ask(method, path);
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });

  it.each(['/v1/nothing', '/v1/events/a/b', '/nothing'])(
    'to a path that is not there is 404: %s',
    async (path) => {
      const { status, headers } = await ask('POST', path);
      expect([status, headers.get('allow')]).toEqual([404, null]);
    },
  );

  it.each([
    ['/nothing', 'text/plain', 'hello', 404],
    ['/nothing', 'application/json', '{', 404],
    ['/v1/nothing', 'text/plain', 'hello', 404],
    ['/v1/nothing', 'application/json', '[]', 404],
    ['/health/live', 'application/octet-stream', 'hello', 405],
  ])('of %s comes before what is wrong with a body of %s: %s', async (path, type, text, expected) => {
    const sent = { headers: { 'content-type': type }, text };
    expect((await call(app.service.address, 'POST', path, sent)).status).toBe(expected);
  });

  it.each(['/v1/events/', '//v1/events', '/health/live/'])(
    'to a path with a slash too many says so: %s',
    async (path) => {
      const { status, body } = await ask('GET', path);
      expect([status, body.detail]).toEqual([
        404,
        `There is nothing at GET ${path}. No path here ends with a slash, or has two in a row.`,
      ]);
    },
  );

  it('reveals no path and no method to a client without a key', async () => {
    const { status, headers } = await call(app.service.address, 'PUT', '/v1/endpoints', { key: null });
    expect([status, headers.get('allow')]).toEqual([401, null]);
  });

  it('is found in the log by its requestId, a line for each refusal', async () => {
    const { requestId } = (await ask('GET', '/v1/events/evt_01h455vb4pex5vsknk084sn02q')).body;
    expect(logged('request refused', requestId)).toEqual([
      expect.objectContaining({
        status: 404,
        code: 'not_found',
        route: '/v1/events/:id',
        method: 'GET',
        level: 20,
      }),
    ]);
    const denied = await call(app.service.address, 'GET', '/v1/events', { key: 'wrong' });
    expect(logged('request refused', denied.body.requestId)).toHaveLength(1);
  });

  it('does nothing of a change whose query is refused', async () => {
    const made = (await ask('POST', '/v1/endpoints', { url: 'https://receiver.example/kept' })).body;
    expect((await ask('DELETE', `/v1/endpoints/${made.id}?force=true`)).status).toBe(400);
    expect((await ask('GET', `/v1/endpoints/${made.id}`)).status).toBe(200);
  });

  it('is for the API alone: links, pushes and health checks take any query', async () => {
    expect((await ask('GET', '/health/live?probe=1')).status).toBe(200);
    const push = await call(app.service.address, 'POST', '/webhooks/gmail?token=x', { key: null, body: {} });
    expect(push.status).toBe(401);
  });

  it.each([
    ['GET /v1/events/%zz HTTP/1.1\r\nhost: a\r\nauthorization: Bearer KEY\r\n\r\n', 'malformed_path'],
    ['garbage\r\n\r\n', 'malformed_request'],
    ['POST /v1/events HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'malformed_request'],
    [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'headers_too_large'],
  ])('to what never became a request is in the log too: %j', async (bytes, code) => {
    const { hostname, port } = new URL(app.service.address);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).write(bytes.replace('KEY', app.environment.API_KEY!));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const requestId = await eventually(() => /"requestId":"([^"]+)"/.exec(text)?.[1]);
    socket.destroy();
    expect(text).toContain(`"code":"${code}"`);
    expect(logged('request refused', requestId)).toEqual([expect.objectContaining({ code, level: 20 })]);
  });

  it('of a change is in the log with the id of the key, and of nothing else', async () => {
    const made = await ask('POST', '/v1/api-keys', { name: 'CRM', scopes: ['write'] });
    const { id, key } = made.body;
    const url = 'https://receiver.example/hook';
    const endpoint = (await call(app.service.address, 'POST', '/v1/endpoints', { key, body: { url } })).body;
    await call(app.service.address, 'DELETE', `/v1/endpoints/${endpoint.id}`, { key });
    await call(app.service.address, 'GET', '/v1/endpoints', { key });
    await call(app.service.address, 'POST', '/v1/endpoints', { key, body: {} });
    const lines = logLines(app.logs).filter(({ msg }) => msg === 'changed through the API');
    expect(lines.filter(({ keyId }) => keyId === id)).toEqual([
      expect.objectContaining({ level: 30, method: 'POST', route: '/v1/endpoints', status: 201 }),
      expect.objectContaining({ method: 'DELETE', route: '/v1/endpoints/:id', id: endpoint.id, status: 204 }),
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ keyId: 'bootstrap', route: '/v1/api-keys' }));
  });

  it('of a change has one line, however often its answer is given again, and none of what is refused', async () => {
    const changes = (route: string) =>
      logLines(app.logs).filter((line) => line.msg === 'changed through the API' && line.route === route);
    const { id } = await app.connect('ada@example.com');
    const repeated = { headers: { 'idempotency-key': 'once' } };
    for (let n = 0; n < 2; n++)
      expect((await call(app.service.address, 'POST', `/v1/mailboxes/${id}/sync`, repeated)).status).toBe(
        202,
      );
    expect(changes('/v1/mailboxes/:id/sync')).toHaveLength(1);
    expect((await ask('PATCH', `/v1/mailboxes/${id}`, { externalId: 'x' })).status).toBe(200);
    expect((await ask('PATCH', `/v1/mailboxes/${id}`, { externalId: '' })).status).toBe(400);
    expect((await ask('PUT', `/v1/mailboxes/${id}/watch`, {})).status).toBe(200);
    expect((await ask('DELETE', `/v1/mailboxes/${id}?erase=true`)).status).toBe(202);
    const seen = ['/v1/mailboxes/:id', '/v1/mailboxes/:id/watch'].flatMap(changes);
    expect(seen.map(({ method, status, keyId }) => [method, status, keyId])).toEqual([
      ['PATCH', 200, 'bootstrap'],
      ['DELETE', 202, 'bootstrap'],
      ['PUT', 200, 'bootstrap'],
    ]);
    expect(seen.map((line) => line.id)).toEqual([id, id, id]);
  });
});
