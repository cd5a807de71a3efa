import { browserCookie, isSameBrowser, surplusCookies } from './browser-cookie';

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

describe(surplusCookies, () => {
  const cookies = (count: number) =>
    Array.from({ length: count }, (_, n) => `inboxwire_cns_${100 + n}=value`).toReversed();

  it('lets a browser keep the cookies of fifty links', () =>
    expect(surplusCookies(['a=b', ...cookies(50)].join('; '), false)).toEqual([]));

  it('makes it forget the oldest of more, and no cookie of anybody else', () =>
    expect(surplusCookies(['a=b', ...cookies(52), 'inboxwire_cns_0\r=x'].join('; '), true)).toEqual(
      ['inboxwire_cns_100', 'inboxwire_cns_101'].map(
        (name) => `${name}=; Path=/auth/google/callback; Max-Age=0; HttpOnly; SameSite=Lax; Secure`,
      ),
    ));
});
