import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Endpoint, Mailbox } from '../../support/api-types';
import { describeInBrowser, launchBrowser, overflow, seriousFindings } from '../../support/browser/chromium';
import { screenshot, signIn } from '../../support/console/console-page';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;

const SIZES = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 1280, height: 800, colorScheme: 'dark' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
] as const;

describeInBrowser('the pages of the console', () => {
  let app: TestApp;
  let receiver: Receiver;
  let browser: Browser;
  let ada: Mailbox;
  let endpoint: Endpoint;
  let broken: Endpoint;
  let paths: Record<string, string>;
  /** Of all pages of the spec. */
  const complaints: string[] = [];

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

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context: BrowserContext = await browser.newContext({ baseURL: app.service.address, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => {
      // What the browser itself says of a page that is not there.
      const isExpected = /status of (401|403|404|400)/.test(message.text());
      if (message.type() === 'error' && !isExpected) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('dialog', (dialog) => complaints.push(`${page.url()}: ${dialog.message()}`));
    return page;
  }

  const signedIn = (options: Parameters<Browser['newContext']>[0] = {}) =>
    signIn(browser, app.service.address, options);

  describe.each(SIZES)('at $width px, $colorScheme', ({ width, height, colorScheme }) => {
    let page: Page;
    beforeAll(async () => {
      page = await signedIn({ viewport: { width, height }, colorScheme });
    });
    afterAll(() => page?.context().close());

    it('have a title, one h1, nothing that scrolls sideways, and nothing that keeps anybody out', async () => {
      const faults: Record<string, unknown> = {};
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(path);
        if (name === 'setup')
          await page.getByText('Being checked').waitFor({ state: 'detached', timeout: 30_000 });
        await screenshot(page, `${name}-${width}-${colorScheme}`);
        const found = {
          headings: await page.locator('h1').count(),
          title: (await page.title()).length > 12,
          overflow: await overflow(page),
          // Both themes and both widths once: the other two differ in neither.
          findings: (width === 1280) === (colorScheme === 'dark') ? await seriousFindings(page) : [],
        };
        if (found.headings !== 1 || !found.title || found.overflow > 0 || found.findings.length > 0)
          faults[name] = found;
      }
      expect(faults).toEqual({});
    }, 120_000);

    it('of signing in are like that too', async () => {
      const visitor = await open({ viewport: { width, height }, colorScheme });
      await visitor.goto('/console/sign-in');
      await screenshot(visitor, `sign-in-${width}-${colorScheme}`);
      expect([await overflow(visitor), await seriousFindings(visitor)]).toEqual([0, []]);
      await visitor.context().close();
    });
  });

  it('say nothing in the console of the browser, whatever subjects and names say', () => {
    expect(complaints).toEqual([]);
  });
});
