import { isConnectionError } from './connection-error';

describe(isConnectionError.name, () => {
  it.each([
    ['no more room on the disk', { code: '53100' }],
    ['too many connections', { code: '53300' }],
    ['a standby after a fail-over', { code: '25006' }],
    ['a deadlock, which another transaction has won', { code: '40P01' }],
    ['a conflict with another transaction', { code: '40001' }],
    ['a server that is starting', { code: '57P03' }],
    ['a statement that took too long', { code: '57014' }],
    ['a lock that was not to be had', { code: '55P03' }],
    ['nobody listens', { code: 'ECONNREFUSED' }],
    ['a name that cannot be resolved now', { code: 'EAI_AGAIN' }],
    ['a socket that is not there', { code: 'ENOENT', syscall: 'connect' }],
    ['a certificate that has run out', { code: 'CERT_HAS_EXPIRED' }],
    ['a broken connection', new Error('Connection terminated unexpectedly')],
    [
      'one that broke within a transaction',
      new Error('Query runner already released. Cannot run queries anymore.'),
    ],
    ['the same', new Error('Database connection provided by a query runner was already released, cannot')],
    ['too many clients of a hosted pooler', { code: 'XX000', severity: 'FATAL' }],
    ['a password that was changed while the service runs', { code: '28P01', severity: 'FATAL' }],
    ['no answer', new Error('Query read timeout')],
  ])('recognises a database that cannot do it now: %s', (_, error) => {
    expect(isConnectionError(error)).toBe(true);
  });

  it.each([
    ['a unique key', { code: '23505' }],
    ['a missing table', { code: '42P01', severity: 'ERROR' }],
    ['a fault within PostgreSQL', { code: 'XX000', severity: 'ERROR' }],
    ['a wrong password', { code: '28P01' }],
    ['a database that is not there', { code: '3D000' }],
    ['a file that is not there', { code: 'ENOENT', syscall: 'open' }],
    ['any other error', new Error('no')],
    ['no error', undefined],
  ])('leaves alone what no waiting helps: %s', (_, error) => {
    expect(isConnectionError(error)).toBe(false);
  });
});
