import { Browser } from '../../../src/local-google/oauth/browser';
import { createTestApp, type TestApp } from '../../support/test-app';

const OWNER = 'owner@example.com';

describe('the browser of a mailbox owner', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp();
    app.google.addAccount(OWNER);
  });
  afterAll(() => app?.close());

  it.each(['.', '/', ')', '%20', '%3E', '/?utm_source=mail', '.?utm_source=mail'])(
    'finds the link that has %s behind it',
    async (more) => {
      const redirectUrl = 'https://app.example/done';
      const { url } = await app.api.post('/v1/connect-sessions', { redirectUrl }, 201);
      const browser = new Browser();
      const callback = await app.google.consent(`${url}${more}`, { account: OWNER }, browser);
      const { headers } = await browser.visit(callback);
      expect(headers.get('location')).toContain('mailboxId=mbx_');
    },
  );
});
