/**
 * Whether the error means that PostgreSQL is away for now: refused or broken connections, a restart, too many
 * connections, a full disk (SQLSTATE classes 08, 53, 57P and 25006, https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
export function isConnectionError(error: unknown): boolean {
  // By its fields and not by `instanceof`: errors of Node's own modules belong to another realm within Jest.
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (
    typeof code === 'string' &&
    /^(08|53|57P|25006|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code)
  )
    return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected|Query read timeout|pool after calling end/i.test(
    String(message),
  );
}
