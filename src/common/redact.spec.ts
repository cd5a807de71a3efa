import { redact } from './redact';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-_';

describe(redact, () => {
  it.each([
    ['a bearer token', `authorization was Bearer abcdef.123-_~+/=`, 'abcdef'],
    ['an access token', 'invalid token ya29.a0AfH6-SM_x', 'AfH6'],
    ['a refresh token', 'token 1//0gabc-def_ghi is bad', 'gabc'],
    ['a refresh token in a form', 'refresh_token=1%2F%2F0gabcdefghij&x=1', 'gabc'],
    ['a code', 'code 4/0AabcdefABCDEF-_123456789', 'abcdef'],
    ['a JWT', `token ${JWT} refused`, 'c2ln'],
    ['a link', 'GET https://x.example/connect/abcdefghijklmnopqrstuvwxyz', 'abcdefg'],
    ['a signing secret', 'whsec_MfKQ9r8GKYqrTwjU/PD8+ILPZIo2LaLaSw=', 'MfKQ'],
    ['the secret of a connect session', 'cnssec_V4dQ0mDk3wq6-mJ0u7oYk5', 'V4dQ'],
    ['a generated API key', 'iwk_abcDEF123-_', 'abcDEF'],
    ['a password in a URL', 'connect postgres://user:hunter2@db:5432/x failed', 'hunter2'],
    ['a user in a URL', 'POST https://hunter2@example.com/hook', 'hunter2'],
    ['a query of a URL', 'POST https://example.com/hook?sig=hunter2&a=b#c', 'hunter2'],
    ['a query of a path', 'GET /auth/google/callback?state=hunter2&code=hunter2', 'hunter2'],
    ['a form', 'client_id=x&client_secret=hunter2', 'hunter2'],
    ['a field of JSON', '{"access_token": "hunter2"}', 'hunter2'],
    ['a field with escapes', '{"password":"a\\\\hunter2"}', 'hunter2'],
    ['a field deep within', '{"request":{"headers":{"Authorization":"hunter2"}}}', 'hunter2'],
    ['JSON within a string', JSON.stringify({ error: '{"refreshToken":"hunter2"}' }), 'hunter2'],
  ])('takes %s out', (_name, text, secret) => {
    expect(text).toContain(secret);
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('[redacted]');
  });

  it('takes out the secrets that it is given', () => {
    expect(redact('x hunter2 y hunter2', ['hunter2'])).toBe('x [redacted] y [redacted]');
  });

  it.each([
    '{"level":30,"context":"SyncService","mailboxId":"mbx_01h455vb4pex5vsknk084sn02q","from":"1","to":"2","msg":"sync"}',
    '{"code":"grant_dead","secrets":"endpoint secrets","msg":"Gmail rejected the access token."}',
    '{"address":"http://127.0.0.1:3000","docs":"http://localhost:3000/docs","apiKeyFile":"/x/.data/api-key"}',
    '{"expiresAt":"2026-11-22T08:00:00.000Z","msg":"What is this? The key \\"1\\" is missing"}',
  ])('leaves %s as it is', (line) => expect(redact(line)).toBe(line));

  it('leaves JSON that can be read', () => {
    const line = JSON.stringify({ url: 'https://u:p@x.example/?a="b\\', password: 'a"b\\', msg: 'end' });
    expect(JSON.parse(redact(line))).toMatchObject({ msg: 'end' });
  });
});
