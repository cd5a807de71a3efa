import { databaseTarget } from './database-url';

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
    ['?sslrootcert=system', {}],
    ['?application_name=x&sslrootcert=%73ystem', {}],
    ['?sslmode=no%2Dverify', { rejectUnauthorized: false }],
  ])('encrypts and verifies as libpq does with %p', (query, ssl) => {
    expect(databaseTarget(`postgres://u:p@db/x${query}`).ssl).toEqual(ssl);
  });
});
