import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('a replica that is asked to end', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  it('tells load balancers to go elsewhere, and answers what they still send', async () => {
    const { address } = app.service;
    const drain = 1_500;
    const began = performance.now();
    const stopped = app.service.stop(drain);
    const ready = await fetch(`${address}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: 'unavailable', checks: { jobs: { status: 'down' } } });
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    const push = { body: wrapped(notification('nobody@example.com', '"1"')) };
    expect((await sendPush(app, push)).status).toBe(204);
    expect(performance.now() - began).toBeLessThan(drain);

    await stopped;
    expect(performance.now() - began).toBeGreaterThanOrEqual(drain - 1);
    await expect(fetch(`${address}/health/live`)).rejects.toThrow();
  });
});
