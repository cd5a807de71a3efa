import { readFile } from 'node:fs/promises';
import type { EndpointPage, Problem } from '../../support/api-types';
import { rawRequest } from '../../support/http/raw-request';
import { logLines } from '../../support/observability/log-lines';
import type { OpenApiDocument } from '../../support/openapi/openapi-document';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

interface Filled {
  required: boolean;
  example?: unknown;
  schema?: { example?: unknown };
}

interface Proposal {
  requestBody: { content: { 'application/json': { example: object } } };
}

describe('the API', () => {
  let app: TestApp;
  let description: OpenApiDocument;
  beforeAll(async () => {
    app = await createTestApp();
    description = (await (await fetch(`${app.service.address}/openapi.json`)).json()) as OpenApiDocument;
  });
  afterAll(() => app?.close());

  const call = (method: string, path: string, init: RequestInit = {}) =>
    fetch(app.service.address + path, { method, redirect: 'manual', ...init });
  const withKey = { authorization: `Bearer ${API_KEY}` };

  it('describes itself in valid OpenAPI 3.1, for people too', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const { valid, errors } = await new Validator().validate({ ...description });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(description.openapi).toBe('3.1.0');
    const page = await call('GET', '/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
  });

  it('is described in the repository as it describes itself', async () => {
    expect(description).toEqual(JSON.parse(await readFile('docs/openapi.json', 'utf8')));
  });

  it('keeps the key of who tries it out over a reload', async () => {
    const script = await (await call('GET', '/docs/swagger-ui-init.js')).text();
    expect(script).toContain('"persistAuthorization": true');
  });

  it('lets no other page show it within itself, as it keeps a key', async () => {
    for (const path of ['/docs', '/docs/swagger-ui-init.js']) {
      const { headers } = await call('GET', path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each([
    ['/docs/../package.json', {}, 404],
    ['/docs/%00', {}, 404],
    ['/docs//etc/passwd', {}, 404],
    ['/docs/..%5c..%5cpackage.json', {}, 404],
    [`/docs/${'a'.repeat(300)}`, {}, 404],
    ['/docs/swagger-ui.css', { range: 'bytes=99999999-' }, 400],
    ['/docs/swagger-ui.css', { 'if-match': 'x' }, 400],
  ])('answers whoever asks %s with %j by %i, which needs no person', async (path, headers, status) => {
    const response = await rawRequest(app.service.address, { method: 'GET', path, headers });
    expect([response.status, response.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(logLines(app.logs).filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('fills in nothing that may be left out, and proposes bodies with what is required and no more', () => {
    const operations = Object.values(description.paths).flatMap((methods) => Object.values(methods));
    for (const { parameters = [] } of operations)
      for (const { required, example, schema } of parameters as Filled[])
        if (!required) expect([example, schema?.example]).toEqual([undefined, undefined]);
    const { requestBody } = description.paths['/v1/endpoints']!.post as unknown as Proposal;
    expect(Object.keys(requestBody.content['application/json'].example)).toEqual(['url']);
  });

  it('has no two tags that differ by an s', () => {
    const tags = ((description as unknown as { tags: { name: string }[] }).tags ?? []).map(({ name }) =>
      name.toLowerCase(),
    );
    expect(tags.filter((name) => tags.includes(`${name}s`))).toEqual([]);
  });

  it('says of every route below /v1 how it may be refused, and which can be sent again', () => {
    const operations = Object.entries(description.paths)
      .filter(([path]) => path.startsWith('/v1'))
      .flatMap(([, methods]) => Object.entries(methods));
    for (const [method, { responses, parameters = [], description: text }] of operations) {
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '429']));
      expect(text).toMatch(/scope `(read|write|admin)`/);
      const names = parameters.map(({ name }) => name);
      expect([method, names.includes('Idempotency-Key'), '409' in responses]).toEqual([
        method,
        method === 'post',
        method === 'post' || '409' in responses,
      ]);
    }
  });

  it('asks for the key on every route below /v1, and on what is not there', async () => {
    const routes = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x')] as const),
    );
    const guarded = routes.filter(([, path]) => path.startsWith('/v1'));
    expect(guarded.length).toBeGreaterThan(12);
    const elsewhere = ['/v1', '/v1/', '/v1/nothing'].map((path) => ['GET', path] as const);
    for (const [method, path] of [...guarded, ...elsewhere])
      for (const authorization of [undefined, 'Bearer wrong', `Basic ${API_KEY}`]) {
        const answer = await call(method, path, { headers: authorization ? { authorization } : {} });
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.headers.get('content-type')).toMatch('application/problem+json');
        expect(await answer.json()).toMatchObject({
          status: 401,
          code: 'unauthorized',
          requestId: expect.any(String),
        });
      }
  });

  it.each([
    ['{"url": ', 'application/json'],
    ['url=https://example.com', 'text/plain'],
    ['x'.repeat(1024 * 1024 + 1), 'application/json'],
  ])('asks for the key before it looks at the body', async (body, type) => {
    const answer = await call('POST', '/v1/endpoints', { headers: { 'content-type': type }, body });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it.each([
    ['GET', '/v1', undefined, 404, 'not_found'],
    ['GET', '/nothing', undefined, 404, 'not_found'],
    ['GET', '/v1/nothing', undefined, 404, 'not_found'],
    ['GET', '/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q', undefined, 404, 'not_found'],
    ['GET', '/v1/mailboxes?limit=0', undefined, 400, 'validation_failed'],
    ['GET', '/v1/mailboxes?limit=501', undefined, 400, 'validation_failed'],
    ['GET', '/v1/mailboxes?limit=1e2', undefined, 400, 'validation_failed'],
    ['GET', '/v1/events?limit=0x10', undefined, 400, 'validation_failed'],
    ['GET', '/v1/mailboxes?limit=%205', undefined, 400, 'validation_failed'],
    ['GET', '/v1/mailboxes?limit=', undefined, 400, 'validation_failed'],
    ['POST', '/v1/connect-sessions', 'null', 400, 'validation_failed'],
    ['POST', '/v1/connect-sessions', '[]', 400, 'validation_failed'],
    ['POST', '/v1/connect-sessions', '"text"', 400, 'validation_failed'],
    ['GET', '/v1/mailboxes?cursor=nonsense', undefined, 400, 'validation_failed'],
    ['GET', '/v1/events?after=nonsense', undefined, 400, 'validation_failed'],
    ['GET', '/v1/events?after=evt_01h455vb4pex5vsknk084sn02q', undefined, 410, 'cursor_expired'],
    ['GET', '/v1/events?types=message.sent', undefined, 400, 'validation_failed'],
    ['POST', '/v1/endpoints', '{"url": "https://example.com/", "colour": "red"}', 400, 'validation_failed'],
    ['POST', '/v1/endpoints', '{"url": ', 400, 'malformed_body'],
    ['GET', '/v1/mailboxes/%E0%A4%A', undefined, 400, 'malformed_path'],
    ['GET', '/v1/events/evt_%00', undefined, 404, 'not_found'],
    ['GET', '/v1/events?after=evt_never', undefined, 410, 'cursor_expired'],
    ['POST', '/v1/endpoints', '[]', 400, 'validation_failed'],
    ['POST', '/v1/endpoints', undefined, 400, 'validation_failed'],
    ['POST', '/v1/endpoints', JSON.stringify({ url: 'x'.repeat(1024 * 1024) }), 413, 'payload_too_large'],
  ])('answers %s %s %s with %i %s as problem+json', async (method, path, body, status, code) => {
    const headers = { ...withKey, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const answer = await call(method, path, { headers, body });
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const problem = (await answer.json()) as Problem;
    expect(problem).toEqual({
      type: expect.stringMatching(/^urn:inboxwire:problem:\w+$/),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      requestId: expect.any(String),
      ...(status === 400 && { errors: expect.any(Array) }),
    });
    for (const fault of problem.errors ?? [])
      expect(fault).toEqual({ path: expect.any(String), message: expect.any(String) });
    expect(answer.status).toBe(status);
  });

  it('requires JSON, and says so', async () => {
    const headers = { ...withKey, 'content-type': 'text/plain' };
    const answer = await call('POST', '/v1/endpoints', { headers, body: 'url=https://example.com' });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('pages through a list with its cursor', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++)
      ids.push((await app.api.post('/v1/endpoints', { url: `https://example.com/${n}` }, 201)).id);
    const read: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: EndpointPage = await app.api.get(`/v1/endpoints?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(2);
      read.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(read).toEqual(ids);
  });
});
