import { createHmac } from 'node:crypto';
import { returnUrl, signature, signingSecret } from './redirect-signature';

describe(returnUrl, () => {
  it.each([
    ['mailboxId', 'mbx_1'],
    ['error', 'access_denied'],
  ] as const)('signs %s, whatever else the URL says', (name, value) => {
    const secret = signingSecret('verifier');
    const expected = createHmac('sha256', secret).update(`${name}=${value}`).digest('hex');
    expect(
      returnUrl({ redirectUrl: 'https://a.example/x?user=7#y', codeVerifier: 'verifier' }, [name, value]),
    ).toBe(`https://a.example/x?user=7&${name}=${value}&signature=${expected}#y`);
  });

  it('signs nothing without the secrets of the session', () => {
    expect(
      returnUrl({ redirectUrl: 'https://a.example', codeVerifier: '' }, ['error', 'session_expired']),
    ).toBe('https://a.example?error=session_expired');
  });
});

describe(signature, () => {
  it('is another one for another outcome, and for another session', () => {
    const [one, other] = [signingSecret('one'), signingSecret('other')];
    const all = [
      signature(one, ['mailboxId', 'mbx_1']),
      signature(one, ['mailboxId', 'mbx_2']),
      signature(one, ['error', 'mbx_1']),
      signature(other, ['mailboxId', 'mbx_1']),
    ];
    expect(new Set(all).size).toBe(4);
  });
});
