import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

describe('a request that never arrives in full', () => {
  let app: TestApp;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    app = await createTestApp();
    // The program looks for late requests now and then. The time that it allows them is checked, and then made short.
    const server = app.service.application.getHttpServer();
    expect(server.requestTimeout).toBeGreaterThan(0);
    expect(server.requestTimeout).toBeLessThanOrEqual(60_000);
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
    server.requestTimeout = server.headersTimeout = 1;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await app?.close();
  });

  it.each([
    ['in its headers', 'GET /v1/mailboxes HTTP/1.1\r\nHost: x\r\n'],
    ['in its body', 'POST /webhooks/gmail HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"mess'],
    [
      'in the body of the API',
      `POST /v1/endpoints HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${API_KEY}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    ],
  ])(
    'is cut off with 408: %s',
    async (_name, beginning) => {
      const { port } = new URL(app.service.address);
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      let answer = '';
      socket.on('data', (chunk) => (answer += String(chunk)));
      socket.write(beginning);
      await once(socket, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json.*"code":"request_timeout"/s);
    },
    20_000,
  );
});
