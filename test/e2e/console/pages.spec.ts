import type { Browser } from 'playwright-core';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Endpoint, Mailbox } from '../../support/api-types';
import { describeInBrowser, launchBrowser, openPage } from '../../support/browser/chromium';
import { pageFaults } from '../../support/browser/page-faults';
import { signIn } from '../../support/console/console-page';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;

describeInBrowser('the pages of the console', () => {
  let app: TestApp;
  let receiver: Receiver;
  let browser: Browser;
  let ada: Mailbox;
  let endpoint: Endpoint;
  let broken: Endpoint;
  let paths: Record<string, string>;
  let opened: Awaited<ReturnType<typeof openPage>>;

  beforeAll(async () => {
    [app, receiver, browser] = await Promise.all([
      createTestApp({ DELIVERY_RETRY_DELAYS: '20ms' }),
      Receiver.start(),
      launchBrowser(),
    ]);
    ada = await app.connect(ADA, { externalId: HOSTILE });
    await app.connect('grace.hopper@example.com', { externalId: 'customer-4711' });
    const { origin } = receiver;
    endpoint = await app.api.post('/v1/endpoints', { url: `${origin}/good`, description: HOSTILE }, 201);
    broken = await app.api.post(
      '/v1/endpoints',
      { url: `${origin}/broken`, description: 'always fails' },
      201,
    );
    receiver.answer = ({ path }) => (path === '/broken' ? 500 : 204);
    for (let n = 0; n < 3; n++)
      app.google.deliver(ADA, { subject: `${HOSTILE} ${n}`, from: `${HOSTILE} <eve@example.com>` });
    await app.api.post('/v1/api-keys', { name: HOSTILE, scopes: ['read'] }, 201);
    const [dead] = await eventually(
      async () => (await app.api.get(`/v1/deliveries?endpointId=${broken.id}&status=dead`)).data,
      { until: ({ length }) => length >= 3 },
    );
    const [event] = await app.api.events({ types: 'message.added' });
    opened = await openPage(browser, { baseURL: app.service.address });
    paths = {
      overview: '/console',
      'overview-week': '/console?period=week',
      mailboxes: '/console/mailboxes',
      'mailboxes-none': '/console/mailboxes?q=nobody%22%3E%3Cscript%3E',
      connect: '/console/mailboxes/connect',
      mailbox: `/console/mailboxes/${ada.id}`,
      filter: `/console/mailboxes/${ada.id}/filter`,
      disconnect: `/console/mailboxes/${ada.id}/disconnect`,
      erase: `/console/mailboxes/${ada.id}/erase`,
      events: '/console/events',
      event: `/console/events/${event!.id}`,
      endpoints: '/console/endpoints',
      'endpoint-new': '/console/endpoints/new',
      endpoint: `/console/endpoints/${broken.id}`,
      'endpoint-edit': `/console/endpoints/${endpoint.id}/edit`,
      rotate: `/console/endpoints/${endpoint.id}/rotate`,
      replay: `/console/endpoints/${endpoint.id}/replay`,
      delivery: `/console/deliveries/${dead!.id}`,
      'api-keys': '/console/api-keys',
      setup: '/console/setup',
      'not-found': '/console/nothing',
    };
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await receiver?.stop();
  });

  it('have a title, one h1, and in no look anything that scrolls sideways or keeps anybody out', async () => {
    const { page } = opened;
    await page.goto('/console/sign-in');
    const faults: Record<string, unknown> = { 'sign-in': await pageFaults(page, 'sign-in') };
    await signIn(page);
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(path);
      if (name === 'setup') await page.getByText('Being checked').waitFor({ state: 'detached' });
      const found = {
        headings: await page.locator('h1').count(),
        hasTitle: (await page.title()).length > 12,
        faults: await pageFaults(page, name),
      };
      if (found.headings !== 1 || !found.hasTitle || found.faults.length > 0) faults[name] = found;
    }
    expect(faults).toEqual({ 'sign-in': [] });
  }, 120_000);

  it('write nothing to the console of the browser, whatever subjects and names say', () => {
    expect(opened.complaints).toEqual([]);
  });
});
