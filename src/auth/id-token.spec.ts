import { IdTokenInvalidError } from './auth.errors';
import { readIdToken } from './id-token';

const NOW = new Date('2026-11-29T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const CLAIMS = {
  iss: 'https://accounts.google.com',
  aud: 'client',
  sub: '117',
  email: 'ada@example.com',
  exp: SECONDS + 3_600,
};
const token = (claims: unknown) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

describe(readIdToken, () => {
  it('reads the account and its address', () => {
    expect(readIdToken(token(CLAIMS), 'client', NOW)).toEqual({
      googleAccountId: '117',
      emailAddress: 'ada@example.com',
    });
  });

  it.each([
    ['the other spelling of the issuer', { iss: 'accounts.google.com' }],
    ['several audiences', { aud: ['other', 'client'] }],
    ['a clock that is five minutes ahead', { exp: SECONDS - 300 }],
  ])('accepts %s', (_name, claims) => {
    expect(readIdToken(token({ ...CLAIMS, ...claims }), 'client', NOW).googleAccountId).toBe('117');
  });

  it.each([
    ['another issuer', { iss: 'https://accounts.example.com' }],
    ['another client', { aud: 'other' }],
    ['one that expired long ago', { exp: SECONDS - 3_600 }],
    ['one without an expiry', { exp: undefined }],
    ['one without an account', { sub: '' }],
    ['an account that is no text', { sub: 117 }],
  ])('refuses %s', (_name, claims) => {
    expect(() => readIdToken(token({ ...CLAIMS, ...claims }), 'client', NOW)).toThrow(IdTokenInvalidError);
  });

  it.each(['', 'x', 'a.b.c', token(null), token([])])('refuses %j', (text) =>
    expect(() => readIdToken(text, 'client', NOW)).toThrow(IdTokenInvalidError),
  );
});
