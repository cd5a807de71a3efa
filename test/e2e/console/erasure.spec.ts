import { ConsoleClient } from '../../support/console/console-client';
import { eventually } from '../../support/eventually';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

describe('in the console', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  it('a mailbox is erased when its address was typed, and is found by it no more', async () => {
    const { id } = await app.connect(ADA);
    const status = async () => (await app.api.get(`/v1/mailboxes/${id}`)).status;
    const client = await ConsoleClient.signedIn(app.service.address, API_KEY);
    const url = `/console/mailboxes/${id}`;
    expect((await client.get(url)).html).toContain(`href="${url}/erase"`);
    const { html } = await client.get(`${url}/erase`);
    expect(html).toContain(`<h1>Erase ${ADA}</h1>`);
    expect(html).toContain(`Type ${ADA} to go on`);
    for (const confirmation of ['', 'somebody@example.com', id]) {
      const refused = await client.post(`${url}/erase`, { confirmation });
      expect([refused.status, refused.html.includes('nothing was done')]).toEqual([400, true]);
    }
    expect(await status()).toBe('active');

    const { headers } = await client.post(`${url}/erase`, { confirmation: ` ${ADA.toUpperCase()}` });
    expect(headers.get('location')).toBe(`${url}?done=erasing`);
    await eventually(async () => (await status()) === 'erased');
    const page = (await client.get(url)).html;
    expect(page).toContain(`<h1>${id}</h1>`);
    expect(page).not.toContain(ADA);
    expect(page).not.toContain(`${url}/erase`);
    const found = async (query: string) =>
      (await client.get(`/console/mailboxes?${query}`)).html.includes(id);
    expect(await found(`q=${encodeURIComponent(ADA)}`)).toBe(false);
    expect([await found('status=erased'), await found('')]).toEqual([true, true]);
  });
});
