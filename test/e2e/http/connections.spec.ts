import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '../../support/eventually';
import { logLines } from '../../support/observability/log-lines';
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

  it.each(['/webhooks/gmail', '/console/sign-in'])(
    'that ends in the middle of a body for %s is no outage',
    async (path) => {
      const { port } = new URL(app.service.address);
      const socket = connect(Number(port), '127.0.0.1');
      const type = path === '/webhooks/gmail' ? 'application/json' : 'application/x-www-form-urlencoded';
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 100\r\n\r\n{`,
      );
      const requests: IncomingMessage[] = [];
      const server = app.service.application.getHttpServer();
      server.once('request', (request: IncomingMessage) => requests.push(request));
      await eventually(() => requests.length === 1);
      socket.destroy();
      await eventually(() => requests[0]!.errored !== null);
      await call(app.service.address, 'GET', '/health/live');
      expect(logLines(app.logs).filter(({ level }) => Number(level) >= 40)).toEqual([]);
    },
  );

  it('needs a key for the head of the stream', async () => {
    expect((await call(app.service.address, 'HEAD', '/v1/events/stream', { key: null })).status).toBe(401);
  });
});
