import { databaseUrlFault } from './database-url-fault';

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
    ['an at sign and a question mark', 'postgres://u:se@cret?of@127.0.0.1:5432/x', 'cret'],
    ['them and an equals sign', 'postgres://u:se@cret?of=it@127.0.0.1:5432/x', 'cret'],
    ['them and an ampersand', 'postgres://u:se@cret?host=h&of@127.0.0.1:5432/x', 'cret'],
    ['an at sign, a slash and a question mark', 'postgres://u:se@cr/et?of@127.0.0.1/x', 'et'],
    ['a question mark and a comma', 'postgres://u:se,cret?of@127.0.0.1/x', 'cret'],
    ['a slash behind a comma', 'postgres://u:12,se/cret@127.0.0.1/x', 'cret'],
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
    'postgres://u:p@db/x?sslrootcert=system',
    'postgres://db/x?user=u@server&password=p@ss',
    'postgres://u:p@db/x?ssl=true&application_name=a@b',
    'postgres://u:p,q@db/x',
    'postgres://db:5432/x?connect_timeout=5',
  ])('accepts %s', (url) => expect(databaseUrlFault(url)).toBeUndefined());

  it.each([
    ['mysql://db/x', /a PostgreSQL URL such as/],
    ['db:5432', /a PostgreSQL URL such as/],
    ['postgres://a,b/x', /one host/],
    ['postgres://u:p@a:5432,b:5432/x', /^one host/],
    ['postgres://u:p@[::1]:5432,[::2]:5432/x', /^one host/],
    ['postgres:///x?host=a,b&port=5432&user=u&password=p', /^one host/],
    ['postgres:///x?host=/a,/b', /^one host/],
    ['postgres://u:p@db:abc/x', /its port a number/],
    ['postgres://u:p@[::1]:abc/x', /its port a number/],
    ['postgres://db:65536/x', /its port a number/],
    ['postgres://db:0/x', /its port a number/],
    ['postgres:///x?host=/run&port=99999', /its port a number/],
    ['postgres:///x?host=/run&port=5432,5433', /its port a number/],
    ['postgres://db/x?sslmode=on', /sslmode as one of disable, allow/],
    ['postgres://db/x?sslmode=verify-ca', /sslrootcert/],
    ['postgres://db/x?sslmode=require&sslrootcert=system', /sslmode=verify-full, or none/],
    ['postgres://db/x?sslrootcert=system&sslmode=disable', /sslmode=verify-full, or none/],
    ['postgres://db/x?sslmode=verify-ca&sslrootcert=system', /sslmode=verify-full, or none/],
    ['postgres://db/x?ssl=require', /ssl as true or false/],
    ['postgres://db/x?sslMode=verify-full', /TLS to be described by sslmode/],
    ['postgres://db/x?sslaccept=strict', /TLS to be described by sslmode/],
    ['postgres://db/x?tls=true', /TLS to be described by sslmode/],
    [
      'postgres://db/x?sslmode=verify-full&sslrootcert=/nowhere/ca.pem',
      /can be read: \/nowhere\/ca.pem \(ENOENT\)/,
    ],
  ])('refuses %s, and says what it should be', (url, expected) =>
    expect(databaseUrlFault(url)).toMatch(expected),
  );
});
