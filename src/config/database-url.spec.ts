import { databaseTarget, databaseUrlFault } from './database-url';

describe(databaseUrlFault, () => {
  it.each([
    ['a percent sign', 'postgres://u:100%sure@db/x', '100%sure'],
    ['one at the end', 'postgres://u:sure%@db/x', 'sure%'],
    ['an at sign and a slash', 'postgres://u:p@ss/w@db/x', 'ss/w'],
    ['a slash', 'postgres://u:pa/ss@db/x', 'pa/ss'],
    ['a slash behind digits', 'postgres://u:12/ss@db/x', '12/ss'],
    ['a hash', 'postgres://u:pa#ss@db/x', 'pa#ss'],
    ['a hash behind digits', 'postgres://u:12#ss@db/x', '12#ss'],
    ['a question mark', 'postgres://u:12?ss@db/x', '12?ss'],
    ['a space', 'postgres://u:pa ss@db/x', 'pa ss'],
    ['bytes that are no text', 'postgres://u:%ff%fe@db/x', '%ff%fe'],
    ['a slash beside a socket', 'postgres://u:p@ss/w@/x?host=/run', 'ss/w'],
  ])('asks for a percent-encoded password that has %s, and does not show it', (_, url, secret) => {
    expect(databaseUrlFault(url)).toMatch(/percent-encoded: % as %25/);
    expect(databaseUrlFault(url)).not.toContain(secret);
  });

  it.each([
    'postgres://db/x',
    'postgresql://u:p@db:5433/x',
    'postgres://u:100%25sure@db/x',
    'postgres://u:p%40ss%2Fw@db/x',
    'postgres://u:p@[::1]:5432/x',
    'postgres://u:p@/x?host=/socket/dir',
    'postgres:///x?host=/socket/dir&port=5433',
    'postgres://%2Fsocket%2Fdir/x',
    'postgres://u%40server:p@db/x?sslmode=require',
    'postgres://u:p@db/x?sslmode=verify-full&sslrootcert=system',
  ])('accepts %s', (url) => expect(databaseUrlFault(url)).toBeUndefined());

  it.each([
    ['mysql://db/x', /a PostgreSQL URL such as/],
    ['db:5432', /a PostgreSQL URL such as/],
    ['postgres://a,b/x', /one host/],
    ['postgres://db/x?sslmode=on', /sslmode as one of disable, allow/],
    ['postgres://db/x?sslmode=verify-ca', /sslrootcert/],
    [
      'postgres://db/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /can be read: \/nowhere\/ca.pem \(ENOENT\)/,
    ],
  ])('refuses %s, and says what it should be', (url, expected) =>
    expect(databaseUrlFault(url)).toMatch(expected),
  );
});

describe(databaseTarget, () => {
  it('reads the directory of a socket from the query', () => {
    const target = databaseTarget('postgres://u:p%40ss@/x?host=/socket/dir&port=5433');
    expect(target).toMatchObject({
      host: '/socket/dir',
      port: 5433,
      user: 'u',
      password: 'p@ss',
      database: 'x',
    });
  });

  it.each([
    ['', undefined],
    ['?sslmode=disable', false],
    ['?sslmode=allow', false],
    ['?sslmode=require', { rejectUnauthorized: false }],
    ['?sslmode=require&uselibpqcompat=true', { rejectUnauthorized: false }],
    ['?sslmode=prefer', { rejectUnauthorized: false }],
    ['?sslmode=no-verify', { rejectUnauthorized: false }],
    ['?sslmode=verify-full', {}],
    ['?sslrootcert=system&sslmode=verify-full', {}],
  ])('encrypts and verifies as libpq does with %p', (query, ssl) => {
    expect(databaseTarget(`postgres://u:p@db/x${query}`).ssl).toEqual(ssl);
  });
});
