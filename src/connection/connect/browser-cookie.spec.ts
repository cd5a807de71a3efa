import { browserCookie, isSameBrowser } from './browser-cookie';

const session = { id: 'cns_1', codeVerifier: 'verifier-1' };
const other = { id: 'cns_2', codeVerifier: 'verifier-2' };
const pair = (of: typeof session) => browserCookie(of, false).split(';')[0]!;

describe(browserCookie, () => {
  it('is sent with the callback only, and with it although it comes from another site', () => {
    expect(browserCookie(session, false).split('; ').slice(1)).toEqual([
      'Path=/auth/google/callback',
      'Max-Age=900',
      'HttpOnly',
      'SameSite=Lax',
    ]);
  });

  it('is for encrypted connections where there are such', () => {
    expect(browserCookie(session, true)).toMatch(/; Secure$/);
  });
});

describe(isSameBrowser, () => {
  it.each([
    ['alone', pair(session)],
    ['among others', `a=b; ${pair(other)}; ${pair(session)}`],
    ['twice, one of another origin of ours', `inboxwire_cns_1=old; ${pair(session)}`],
  ])('knows its cookie %s', (_name, header) => expect(isSameBrowser(session, header)).toBe(true));

  it.each([undefined, '', 'inboxwire_cns_1', 'inboxwire_cns_1=', pair(other), `x${pair(session)}`])(
    'does not take %s for it',
    (header) => expect(isSameBrowser(session, header)).toBe(false),
  );
});
