import { returnPath } from './return-path';

describe('the way back after signing in', () => {
  it.each(['/console', '/console/', '/console/mailboxes?q=a%40b&status=active', '/console/endpoints/end_1'])(
    'leads to %s',
    (path) => expect(returnPath(path)).toBe(path),
  );

  it.each([
    undefined,
    null,
    '',
    'https://evil.example/console',
    '//evil.example/console',
    '/\\evil.example',
    '/console\\..\\..\\evil',
    '/console/..//evil.example',
    '/console/%2e%2e//evil.example',
    '/console//evil.example',
    '/console/%2f%2fevil.example',
    '/console/%5cevil.example',
    '/console/../v1/mailboxes',
    '/console.evil.example',
    '/consoles',
    '/console@evil.example',
    '\t/console',
    '/console/\n//evil.example',
    'javascript:alert(1)//console',
    '/docs',
  ])('leads to the overview instead of %j', (path) => {
    const back = returnPath(path);
    expect(new URL(back, 'http://self.example').origin).toBe('http://self.example');
    expect(['/console']).toContain(back);
  });
});
