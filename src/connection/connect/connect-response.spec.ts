import { connected, failed, withParameter } from './connect-response';
import { ConnectError } from '../connection.errors';

describe(withParameter, () => {
  it.each([
    ['https://app.example', 'https://app.example?error=a%26b'],
    ['https://app.example/done?user=7', 'https://app.example/done?user=7&error=a%26b'],
    ['https://app.example/?a=%7e%20b+c&d', 'https://app.example/?a=%7e%20b+c&d&error=a%26b'],
    ['https://app.example/?#/inbox?x#y', 'https://app.example/?error=a%26b#/inbox?x#y'],
    ['HTTPS://App.example:443/a/../b?a=1&', 'HTTPS://App.example:443/a/../b?a=1&error=a%26b'],
    ['https://app.example/é?ü=1', 'https://app.example/%C3%A9?%C3%BC=1&error=a%26b'],
  ])('adds to %s', (url, expected) => expect(withParameter(url, 'error', 'a&b')).toBe(expected));
});

describe(connected, () => {
  it('sends back to the application', () => {
    expect(connected('https://app.example/x', 'mbx_1', 'ada@example.com')).toEqual({
      status: 302,
      location: 'https://app.example/x?mailboxId=mbx_1',
    });
  });

  it('shows the address as text and never as markup', () => {
    const answer = connected(undefined, 'mbx_1', `<b>"ada"&'co'@example.com`) as { html: string };
    expect(answer.html).toContain('&lt;b&gt;&quot;ada&quot;&amp;&#39;co&#39;@example.com is connected');
    expect(answer.html).not.toContain('<b>');
  });
});

describe(failed, () => {
  it('sends back with the reason', () => {
    expect(failed('https://app.example/x?a=1', new ConnectError('access_denied'))).toEqual({
      status: 302,
      location: 'https://app.example/x?a=1&error=access_denied',
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
