import { connected, failed } from './connect-response';
import { ConnectError } from '../connection.errors';
import { signature, signingSecret } from './redirect-signature';

const session = (redirectUrl: string | undefined) => ({ redirectUrl, codeVerifier: 'v' });
const signed = (name: 'mailboxId' | 'error', value: string) => signature(signingSecret('v'), [name, value]);

describe(connected, () => {
  it('sends back to the application', () => {
    expect(connected(session('https://app.example/x'), 'mbx_1', 'ada@example.com')).toEqual({
      status: 302,
      location: `https://app.example/x?mailboxId=mbx_1&signature=${signed('mailboxId', 'mbx_1')}`,
    });
  });

  it('shows the address as text and never as markup', () => {
    const answer = connected(session(undefined), 'mbx_1', `<b>"ada"&'co'@example.com`) as { html: string };
    expect(answer.html).toContain('&lt;b&gt;&quot;ada&quot;&amp;&#39;co&#39;@example.com is connected');
    expect(answer.html).not.toContain('<b>');
  });
});

describe(failed, () => {
  it('sends back with the reason', () => {
    expect(failed(session('https://app.example/x?a=1'), new ConnectError('access_denied'))).toEqual({
      status: 302,
      location: `https://app.example/x?a=1&error=access_denied&signature=${signed('error', 'access_denied')}`,
    });
  });

  it.each([
    ['session_used', 410],
    ['session_expired', 410],
    ['temporarily_unavailable', 503],
    ['access_denied', 400],
  ])('explains %s on a page with status %d', (code, status) => {
    const answer = failed(undefined, new ConnectError(code)) as { status: number; html: string };
    expect(answer.status).toBe(status);
    expect(answer.html).toContain(`<small>${code}</small>`);
  });
});
