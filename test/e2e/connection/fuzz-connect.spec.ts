import fc from 'fast-check';
import { fuzz, percentEncoded, uglyQuery, uglyUrlPart } from '../../support/http/fuzz';
import { rawRequest } from '../../support/http/raw-request';
import { createTestApp, type TestApp } from '../../support/test-app';

const BACK = 'https://app.example.com/connected?user=1';
const MARKUP = `<b id=injected>"'&`;

const garbage = fc.oneof(uglyUrlPart, fc.constantFrom(percentEncoded(MARKUP), 'x'.repeat(12_000)));

describe('the pages of connecting, whatever they are asked', () => {
  let app: TestApp;
  let links: string[];
  let states: string[];
  beforeAll(async () => {
    app = await createTestApp();
    const sessions = await Promise.all(
      [{}, { redirectUrl: BACK }].map((body) => app.api.post('/v1/connect-sessions', body, 201)),
    );
    links = sessions.map(({ url }) => new URL(url).pathname);
    const consents = await Promise.all(sessions.map(({ url }) => app.google.browser.visit(url)));
    states = consents.map(({ headers }) => new URL(headers.get('location')!).searchParams.get('state')!);
  });
  afterAll(() => app?.close());

  /** A link of a garbled page is no use: each is still open when all is over. */
  afterEach(async () => {
    for (const link of links) expect((await ask(link)).status).toBe(302);
    const mailbox = await app.connect('ada@example.com');
    expect(mailbox.status).toBe('active');
  });

  const ask = (path: string) => {
    const cookie = app.google.browser.cookieFor(`${app.service.address}/auth/google/callback`)!;
    return rawRequest(app.service.address, { method: 'GET', path, headers: { cookie } });
  };

  async function expectPage(path: string): Promise<void> {
    const { status, headers, text } = await ask(path);
    if (status === 302) {
      const location = headers.location as string;
      expect(location.startsWith(`${BACK}&error=`) || location.startsWith(app.google.origin)).toBe(true);
      expect(location).toMatch(/^[\x21-\x7e]+$/);
      return;
    }
    expect([400, 404, 431]).toContain(status);
    expect(headers['content-type']).toMatch(/^(text\/html; charset=utf-8|application\/problem\+json)/);
    expect(text).not.toContain('at Object.');
    if (!String(headers['content-type']).startsWith('text/html')) return;
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).not.toContain('injected>');
    // The page has these elements and no others.
    const elements = new Set(text.match(/<\w+/g));
    for (const known of '!doctype html head meta title style body main h1 p a small'.split(' '))
      elements.delete(`<${known}`);
    expect([...elements]).toEqual([]);
  }

  it('answers any callback with a page or a way back', async () => {
    const state = fc.oneof(
      fc.nat(1).map((index) => states[index]!),
      garbage,
    );
    const error = fc.oneof(garbage, fc.constantFrom('access_denied', 'constructor', '__proto__', 'a_b'));
    const query = fc
      .tuple(uglyQuery({ state, error, code: garbage, scope: garbage }), fc.option(state))
      .map(([rest, first]) => (first === null ? rest : `state=${first}&${rest}`));
    const property = fc.asyncProperty(query, (text) => expectPage(`/auth/google/callback?${text}`));
    await fuzz(property, { numRuns: 800 });
  }, 20_000);

  it('answers any link with a page', async () => {
    const property = fc.asyncProperty(
      fc.oneof(
        garbage,
        fc.nat(1).map((index) => links[index]!.split('/')[2]!),
      ),
      uglyQuery({ token: garbage }),
      (token, query) => expectPage(`/connect/${token}?${query}`),
    );
    await fuzz(property, { numRuns: 400, timeMs: 2_000 });
  }, 20_000);
});
