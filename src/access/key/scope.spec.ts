import { allows, scopeFor } from './scope';

describe(scopeFor, () => {
  it.each([
    ['GET', '/v1/mailboxes', 'read'],
    ['HEAD', '/v1/events', 'read'],
    ['POST', '/v1/endpoints', 'write'],
    ['PATCH', '/v1/endpoints/:id', 'write'],
    ['PUT', '/v1/mailboxes/:id/watch', 'write'],
    ['DELETE', '/v1/mailboxes/:id', 'write'],
    ['OPTIONS', '/v1/*', 'write'],
    ['GET', '/v1/api-keys', 'admin'],
    ['DELETE', '/v1/api-keys/:id', 'admin'],
    ['GET', '/v1/api-keys-of-others', 'read'],
  ])('of %s %s is %s', (method, route, scope) => expect(scopeFor(method, route)).toBe(scope));
});

describe(allows, () => {
  it('lets each scope do what those before it may', () => {
    expect([allows(['read'], 'read'), allows(['read'], 'write'), allows(['read'], 'admin')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([allows(['write'], 'read'), allows(['write'], 'write'), allows(['write'], 'admin')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([allows(['admin'], 'read'), allows(['admin'], 'admin'), allows([], 'read')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
