import type { Browser, Page } from 'playwright-core';
import { Receiver } from '../../fakes/receiver/receiver';
import type { Endpoint, Mailbox } from '../../support/api-types';
import { describeInBrowser, launchBrowser } from '../../support/browser/chromium';
import { openConsole } from '../../support/console/console-page';
import { eventually } from '../../support/eventually';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

describeInBrowser('in the console', () => {
  let app: TestApp;
  let receiver: Receiver;
  let browser: Browser;
  let ada: Mailbox;
  let endpoint: Endpoint;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    [app, receiver, browser] = await Promise.all([
      createTestApp({ DELIVERY_RETRY_DELAYS: '20ms' }),
      Receiver.start(),
      launchBrowser(),
    ]);
    ada = await app.connect(ADA);
    endpoint = await app.api.post('/v1/endpoints', { url: `${receiver.origin}/good` }, 201);
    ({ page, complaints } = await openConsole(browser, app.service.address));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await receiver?.stop();
  });

  const mailbox = () => app.api.get(`/v1/mailboxes/${ada.id}`);
  const current = () => app.api.get(`/v1/endpoints/${endpoint.id}`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const follow = (name: string) => page.getByRole('link', { name, exact: true }).click();
  const h1 = () => page.locator('h1').textContent();

  it('a mail is in the live list within 2 s', async () => {
    await page.goto('/console/events');
    await page.getByText('Events appear as they come.').waitFor();
    app.google.deliver(ADA, { subject: 'Fresh mail' });
    const began = performance.now();
    await page.getByText('Fresh mail').waitFor();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await page.locator('tr.new').count()).toBe(1);
    // A filtered list shows what passes its filter.
    await page.goto('/console/events?type=message.deleted');
    await page.getByText('Events appear as they come.').waitFor();
    const { id } = app.google.deliver(ADA, { subject: 'Soon gone' });
    await eventually(
      async () => (await app.api.events({ types: 'message.added' })).at(-1)!.data.messageId === id,
    );
    app.google.delete(ADA, id);
    await page.getByRole('link', { name: 'message.deleted' }).waitFor();
    expect(await page.getByText('Soon gone').count()).toBe(0);
  });

  it('the payload of an event is what receivers get', async () => {
    const event = (await app.api.events({ types: 'message.added' })).at(-1)!;
    await page.goto(`/console/events/${event.id}`);
    expect(JSON.parse((await page.locator('pre').textContent())!)).toEqual(event);
  });

  it('a mailbox is synced, and gets another filter', async () => {
    await page.goto(`/console/mailboxes/${ada.id}`);
    expect(await h1()).toBe(ADA);
    const before = (await mailbox()).sync.lastSyncAt;
    await press('Sync now');
    await page.getByText('A sync was asked for').waitFor();
    await eventually(async () => (await mailbox()).sync.lastSyncAt !== before);
    await follow('Change the filter');
    await page.getByLabel('Label ids').fill('INBOX, IMPORTANT');
    await press('Replace the filter');
    await page.getByText('The watch has the new filter').waitFor();
    expect((await mailbox()).watch!.labelIds).toEqual(['INBOX', 'IMPORTANT']);
  });

  it('a link connects a mailbox', async () => {
    await page.goto('/console/mailboxes');
    await follow('Connect a mailbox');
    await page.getByLabel('External id').fill('by the console');
    await press('Make a link');
    const url = await page.locator('.copyable code').textContent();
    app.google.addAccount('bob@example.com');
    const back = await app.google.consent(url!, { account: 'bob@example.com' });
    const cookie = app.google.browser.cookieFor(back);
    await fetch(back, { headers: cookie === undefined ? {} : { cookie }, redirect: 'manual' });
    const { data } = await app.api.get('/v1/mailboxes?externalId=by+the+console');
    expect(data.map(({ emailAddress }) => emailAddress)).toEqual(['bob@example.com']);
  });

  it('mailboxes are found by any part of their address or external id', async () => {
    for (const [text, count] of [
      ['BOB', 1],
      ['ob@exam', 1],
      ['the console', 1],
      ['example.com', 2],
      ['o', 2],
      ['%', 0],
    ] as const) {
      await page.goto('/console/mailboxes');
      await page.getByRole('searchbox').fill(text);
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=/);
      expect([text, await page.locator('tbody tr').count()]).toEqual([text, count]);
    }
  });

  it('an endpoint is added, and its secret is shown once', async () => {
    await page.goto('/console/endpoints');
    await follow('Add an endpoint');
    await page.getByLabel('URL').fill('ftp://nowhere');
    await press('Add an endpoint');
    expect(await page.locator('#field-url-error').textContent()).toMatch(/http/);
    await page.getByLabel('URL').fill(`${receiver.origin}/new`);
    await page.getByLabel('message.added').check();
    await press('Add an endpoint');
    expect(await page.locator('.copyable code').textContent()).toMatch(/^whsec_/);
    await follow('To the endpoint');
    expect(await h1()).toBe(`${receiver.origin}/new`);
    expect(await page.content()).not.toContain('whsec_');
    const { data } = await app.api.get('/v1/endpoints');
    expect(data.find(({ url }) => url.endsWith('/new'))!.eventTypes).toEqual(['message.added']);
  });

  it('an endpoint gets a filter, a rate limit and headers, which stay when the form is sent as it is shown', async () => {
    const path = `/console/endpoints/${endpoint.id}`;
    const filter = { data: { labelIds: 'IMPORTANT' } };
    await page.goto(`${path}/edit`);
    await page.getByLabel('Filter').fill('{"data": ');
    await press('Edit the endpoint');
    await page.locator('#field-filter-error').waitFor();
    await page.getByLabel('Filter').fill(JSON.stringify(filter));
    await page.getByLabel('Rate limit').fill('2.5');
    await page.getByLabel('Headers').fill('Authorization: Bearer of-the-console\nx-tenant: acme');
    await press('Edit the endpoint');
    await page.getByText('The endpoint was changed').waitFor();
    const changed = { filter, rateLimit: 2.5, headers: { authorization: '***', 'x-tenant': '***' } };
    expect(await current()).toMatchObject(changed);
    await page.goto(`${path}/edit`);
    expect(await page.content()).not.toContain('of-the-console');
    await press('Edit the endpoint');
    await page.getByText('The endpoint was changed').waitFor();
    expect(await current()).toMatchObject(changed);
    await app.api.post(`/v1/endpoints/${endpoint.id}/test`, {}, 200);
    expect(receiver.received.at(-1)!.headers).toMatchObject({ authorization: 'Bearer of-the-console' });
    await page.goto(`${path}/edit`);
    for (const label of ['Filter', 'Rate limit', 'Headers']) await page.getByLabel(label).fill('');
    await press('Edit the endpoint');
    await page.getByText('The endpoint was changed').waitFor();
    expect(await current()).toMatchObject({ filter: null, rateLimit: null, headers: null });
  });

  it('an endpoint is tested, edited, disabled, enabled, given a new secret, and deleted', async () => {
    await page.goto(`/console/endpoints/${endpoint.id}`);
    await press('Send a test');
    await page.getByText('The test was delivered').waitFor();
    await follow('Edit');
    await page.getByLabel('Description').fill('edited');
    await press('Edit the endpoint');
    await page.getByText('The endpoint was changed').waitFor();
    expect((await current()).description).toBe('edited');
    await follow('Disable…');
    await press('Disable the endpoint');
    await page.getByText('The endpoint is disabled').waitFor();
    expect((await current()).status).toBe('disabled');
    await press('Enable');
    await page.getByText('The endpoint is enabled').waitFor();
    expect((await current()).status).toBe('enabled');
    await follow('Rotate the secret…');
    await press('Make a new secret');
    expect(await page.locator('.copyable code').textContent()).toMatch(/^whsec_/);
    const { data } = await app.api.get('/v1/endpoints');
    await page.goto(`/console/endpoints/${data.find(({ url }) => url.endsWith('/new'))!.id}`);
    await follow('Delete…');
    await press('Delete the endpoint');
    await page.getByText('The endpoint was deleted').waitFor();
    expect((await app.api.get('/v1/endpoints')).data.map(({ id }) => id)).toEqual([endpoint.id]);
  });

  it('a dead delivery shows its attempts and answers, and is retried; others are recovered and replayed', async () => {
    receiver.answer = () => ({ status: 500, body: 'the disk is <full>' });
    app.google.deliver(ADA, { subject: 'Dead' });
    const dead = async () => (await app.api.get(`/v1/deliveries?endpointId=${endpoint.id}&status=dead`)).data;
    const [first] = await eventually(dead, { until: ({ length }) => length > 0 });
    await page.goto(`/console/endpoints/${endpoint.id}?status=dead`);
    await page.getByRole('link', { name: 'message.added' }).first().click();
    await page.getByText('the disk is <full>').first().waitFor();
    expect(await page.getByRole('heading', { name: /^Attempt/ }).count()).toBe(2);
    receiver.answer = () => 204;
    await press('Try it again');
    await page.getByText('The delivery is tried again').waitFor();
    await eventually(async () => (await app.api.get(`/v1/deliveries/${first!.id}`)).status === 'delivered');
    await page.goto(`/console/endpoints/${endpoint.id}`);
    await follow('Recover the dead…');
    await press('Try them again');
    await page.getByText('Dead deliveries are being tried again').waitFor();
    await eventually(async () => (await dead()).length === 0);
    const before = receiver.received.length;
    await follow('Replay…');
    await page.getByLabel('Since').fill(ada.createdAt);
    await press('Deliver them again');
    await page.getByText('The events are being delivered again').waitFor();
    await eventually(() => receiver.received.length >= before + 3);
  });

  it('an API key is made and revoked', async () => {
    await page.goto('/console/api-keys');
    await page.getByLabel('Name').fill('by the console');
    await press('Make the key');
    const key = (await page.locator('.copyable code').textContent())!;
    const ask = () =>
      fetch(`${app.service.address}/v1/mailboxes`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask()).status).toBe(200);
    await follow('To the keys');
    await follow('Revoke by the console');
    await press('Revoke the key');
    await page.getByText('The key was revoked').waitFor();
    expect((await ask()).status).toBe(401);
  });

  it('everything is reached by the keyboard, in the order of the page', async () => {
    await page.goto('/console/mailboxes');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('content');
    for (let n = 0; n < 5; n++) await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toContain('@example.com');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/mailboxes/mbx_*');
  });

  it('without JavaScript it is read, searched, paged, signed in and out', async () => {
    const { page: plain } = await openConsole(browser, app.service.address, { javaScriptEnabled: false });
    await plain.goto('/console/mailboxes?q=ada');
    expect(await plain.locator('tbody tr').count()).toBe(1);
    await plain.goto('/console/events');
    expect(await plain.locator('tbody tr').count()).toBeGreaterThan(3);
    expect(await plain.getByText('Live').isVisible()).toBe(false);
    await plain.goto('/console');
    await plain.getByText('Numbers: Changes and deliveries').click();
    await plain.getByRole('region', { name: 'Numbers: Changes and deliveries' }).waitFor();
    await plain.getByRole('button', { name: 'Sign out' }).click();
    await plain.waitForURL('**/console/sign-in');
    await plain.goto('/console/events');
    expect(plain.url()).toContain('/console/sign-in');
    await plain.context().close();
  });

  it('a mailbox is disconnected after it was asked once more', async () => {
    await page.goto(`/console/mailboxes/${ada.id}`);
    await follow('Disconnect…');
    expect(await h1()).toBe(`Disconnect ${ADA}`);
    expect((await mailbox()).status).toBe('active');
    await press('Disconnect the mailbox');
    await eventually(async () => (await mailbox()).status === 'disconnected');
    await page.reload();
    await page.locator('.pill', { hasText: 'Disconnected' }).waitFor();
  });

  it('the browser reports no error', () => {
    expect(complaints).toEqual([]);
  });
});
