/**
 * SQLSTATEs of a database that is away, slow, full or read-only for now. Classes 08 (connection), 40 (the transaction was
 * ended for the sake of another one: a deadlock, a conflict on a standby), 53 (disk full, too many
 * connections) and 57P (shutting down, starting up); 25006 (a standby after a fail-over); 57014, 55P03, 25P03 and 25P04
 * (a time-out of a statement, a lock or a transaction); 58 (its disk fails); 26000 and 0A000 (what was prepared on the
 * connection is gone, or a migration has changed what it returns: the next connection prepares it anew).
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATES = /^(08|40|53|57P|57014|55P03|25006|25P03|25P04|26000|0A000|58)/;
const NETWORK = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/;
/** A certificate that has become unusable: whoever mends it ends the outage. */
const TLS =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;
/** The socket of a server that has not started yet, or has ended, is not there. */
const SOCKETS = /^(ENOENT|EACCES)$/;

/**
 * PostgreSQL, or a pooler, has ended the session or let nobody in: nothing was asked yet, or has come of it. Hosted poolers have
 * one code, XX000, for all of it: too many clients, a machine that is being woken, a project that is paused.
 */
const SEVERITIES = /^(FATAL|PANIC)$/;

/** What `pg`, its pool and TypeORM say of a broken connection without giving a code. */
const MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Driver not Connected',
  'pool after calling end',
  // TypeORM: the connection broke between two statements of a transaction. It has two sentences for that.
  'Query runner already released',
  'provided by a query runner was already released',
];

/** Whether the error means that PostgreSQL cannot do it now and can later: nothing is wrong with what was asked. */
export function isConnectionError(error: unknown): boolean {
  // By its fields and not by `instanceof`: errors of Node's own modules belong to another realm within Jest.
  const { code, message, syscall, severity } = (error ?? {}) as Record<string, unknown>;
  if (typeof severity === 'string' && SEVERITIES.test(severity)) return true;
  if (typeof code === 'string') {
    if (SQLSTATES.test(code) || NETWORK.test(code) || TLS.test(code)) return true;
    if (syscall === 'connect' && SOCKETS.test(code)) return true;
  }
  return MESSAGES.some((text) => String(message).toLowerCase().includes(text.toLowerCase()));
}

/** Whether the statement has waited for a lock for as long as it may (`lock_timeout`). */
export function isLockTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === '55P03';
}
