import { call } from '../../support/call';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('a connection', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  it('is kept longer than load balancers keep theirs', async () => {
    expect(app.service.application.getHttpServer().keepAliveTimeout).toBe(610_000);
    const { headers } = await call(app.service.address, 'GET', '/health/live');
    expect(headers.get('keep-alive')).toBe('timeout=610');
  });

  it('that asks for the head of the stream gets its headers and an end', async () => {
    const head = await call(app.service.address, 'HEAD', '/v1/events/stream');
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
      200,
      '',
      'text/event-stream; charset=utf-8',
    ]);
    expect(head.headers.get('ratelimit-limit')).not.toBeNull();
  });

  it.each([
    ['the list', '/v1/events', 200],
    ['a stream after an event that is gone', '/v1/events/stream?after=evt_01h455vb4pex5vsknk084sn02q', 410],
    ['a stream after no event', '/v1/events/stream?after=x', 400],
  ])('that asks for the head of %s is answered as a GET would be', async (_, path, status) => {
    expect(await call(app.service.address, 'HEAD', path)).toMatchObject({ status, text: '' });
  });

  it('needs a key for the head of the stream', async () => {
    expect((await call(app.service.address, 'HEAD', '/v1/events/stream', { key: null })).status).toBe(401);
  });
});
