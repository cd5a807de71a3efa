import { call } from '../../support/call';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { postMcp } from '../../support/mcp/agent';
import { API_KEY, TestReplica } from '../../support/test-replica';

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const PUBLIC_URL = 'https://gateway.example.com';

describe('POST /mcp', () => {
  let database: TestDatabase;
  let app: TestReplica;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = await TestReplica.start(database.url, { PUBLIC_URL });
  });
  afterAll(async () => {
    await app?.stop();
    await database?.drop();
  });

  const post = (body: string | object, headers: Record<string, string | undefined> = {}) =>
    postMcp(app.address, body, { authorization: `Bearer ${API_KEY}`, ...headers });

  it('is for those with a key: without one it is 401, as the API is', async () => {
    for (const authorization of [undefined, 'Bearer nonsense', `Basic ${API_KEY}`]) {
      const answer = await post(LIST, { authorization });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
    }
  });

  it.each(['https://evil.example', 'null', 'http://localhost:1'])(
    'is not for pages of other sites: with the origin %s it is 403',
    async (origin) => {
      const answer = await post(LIST, { origin });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
        403,
        'forbidden_origin',
      ]);
    },
  );

  it('is for pages of this site', async () => {
    expect((await post(LIST, { origin: PUBLIC_URL })).status).toBe(200);
  });

  it('has no stream of its own and no sessions: GET and DELETE are 405', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await call(app.address, method as 'GET', '/mcp', { key: API_KEY });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });

  it('answers what is no message of the protocol with 400, and other bodies as the API does', async () => {
    const answers = await Promise.all(
      ['{"jsonrpc":', '', '7', '{}', '[7]', '{"jsonrpc":"1.0","id":1,"method":"x"}'].map((body) =>
        post(body),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(400));
    expect(await answers[0]!.json()).toMatchObject({ code: 'malformed_body' });
    expect((await post(LIST, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post({ ...LIST, params: { text: 'x'.repeat(1024 * 1024) } })).status).toBe(413);
    expect((await post(LIST, { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
    expect((await post(LIST, { accept: 'text/html' })).status).toBe(406);
  });

  it('takes what accepts anything, and needs no session', async () => {
    for (const accept of ['*/*', 'application/json, text/event-stream']) {
      const answer = await post(LIST, { accept, 'idempotency-key': 'same' });
      expect(answer.headers.get('content-type')).toContain('application/json');
      expect(answer.headers.get('ratelimit-limit')).not.toBeNull();
      expect(await answer.json()).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
    }
    expect((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
    const unknown = await (await post({ ...LIST, method: 'tools/unknown' })).json();
    expect(unknown).toMatchObject({ id: 1, error: { code: -32601 } });
  });

  it.each([
    ['application/json', 'application/json'],
    ['Application/JSON;q=0.9', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['text/*', 'text/event-stream'],
  ])('gives a client that accepts %s alone that form, also of what may take long', async (accept, form) => {
    const wait = {
      ...LIST,
      method: 'tools/call',
      params: { name: 'next_event', arguments: { waitSeconds: 0 } },
    };
    for (const message of [LIST, wait]) {
      const answer = await post(message, { accept });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, form]);
      expect(await answer.text()).toContain('"result":{');
    }
  });

  it.each([
    ['list_events', null],
    ['list_events', { after: null, types: null, mailboxId: null, limit: null }],
    ['list_mailboxes', { emailAddress: null, externalId: null, status: null, limit: null, cursor: null }],
    ['next_event', { after: null, types: null, mailboxId: null, waitSeconds: 0 }],
  ])('takes null for what is left out: %s %j', async (name, input) => {
    const message = { ...LIST, method: 'tools/call', params: { name, arguments: input } };
    const answer = await (await post(message, { accept: 'application/json' })).json();
    expect(answer).toMatchObject({
      id: 1,
      result: { structuredContent: expect.not.objectContaining({ code: expect.anything() }) },
    });
  });

  it('sends nothing in a stream that readers of lines take for the end of one', async () => {
    const id = 'a\u2028b\u2029c\u0085d';
    const answer = await (await post({ ...LIST, id }, { accept: 'text/event-stream' })).text();
    expect(answer).not.toMatch(/[\u0085\u2028\u2029]/);
    const data = /^data: (.+)$/m.exec(answer)![1]!;
    expect(JSON.parse(data)).toMatchObject({ id, result: { tools: expect.any(Array) } });
  });

  it('is there with a slash behind it, too, and its other methods are refused likewise', async () => {
    const answer = await fetch(`${app.address}/mcp/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(LIST),
    });
    expect(await answer.json()).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
    expect((await fetch(`${app.address}/mcp/`)).status).toBe(405);
  });

  it('takes the batches of older clients, up to 20 messages', async () => {
    const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' });
    const answer = await post([ping(1), ping(2), { jsonrpc: '2.0', method: 'notifications/initialized' }]);
    expect(await answer.json()).toEqual([1, 2].map((id) => ({ jsonrpc: '2.0', id, result: {} })));
    const tooMany = await post(Array.from({ length: 21 }, (_, id) => ping(id)));
    expect([tooMany.status, await tooMany.json()]).toMatchObject([400, { code: 'validation_failed' }]);
  });

  it('counts each message of a batch with the rate limit', async () => {
    const remaining = (answer: Response) => Number(answer.headers.get('ratelimit-remaining'));
    const before = remaining(await post(LIST));
    const batch = Array.from({ length: 5 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    expect(remaining(await post(batch))).toBe(before - 5);
    const other = await TestReplica.start(database.url, { PUBLIC_URL, API_RATE_LIMIT: '4' });
    try {
      const refused = await postMcp(other.address, batch, { authorization: `Bearer ${API_KEY}` });
      expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'rate_limited' }]);
    } finally {
      await other.stop();
    }
  });
});
