import { InboxwireError } from '../common/inboxwire.error';

/** No waiting helps: a person has to change something before the service can start on this database. */
export class DatabaseUnusableError extends InboxwireError {
  constructor(message: string, cause?: unknown) {
    super('database_unusable', message, { cause });
  }
}

/**
 * By SQLSTATE (behind FATAL when it ended the session), by the code of Node's TLS or network, or by what the error says. The
 * first that fits counts.
 */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  // PgBouncer has one code, 08P01, for all that it refuses, and most of that passes: only the text distinguishes them.
  [
    /^28P01|^08P01 password authentication failed/,
    'PostgreSQL refuses the user or the password. Correct them in DATABASE_URL.',
  ],
  [/password must be a (non-empty )?string/, 'PostgreSQL asks for a password. Add it to DATABASE_URL.'],
  [
    /^28000 .*no encryption/,
    'PostgreSQL lets this user in over TLS only. Add sslmode=require or sslmode=verify-full to DATABASE_URL.',
  ],
  [
    /^28000/,
    'PostgreSQL does not let this user in from here. Correct the user in DATABASE_URL, or pg_hba.conf.',
  ],
  [
    /^3D000|^08P01 (no such database|database .* does not exist)/,
    'The server has no such database. Correct its name in DATABASE_URL, or create it.',
  ],
  [
    /^FATAL (42704|42601|22023|55P02|42501 permission denied to set)/,
    'PostgreSQL refuses a setting of a session that is asked for in the options of DATABASE_URL (or in PGOPTIONS). Correct it, or take it out.',
  ],
  [
    /^3F000/,
    'The search_path of the user, the database or DATABASE_URL leads to no schema that is there. Create the schema, or correct the search_path.',
  ],
  [/^42501/, 'The user of DATABASE_URL lacks a permission. Make it the owner of the database.'],
  [
    /^08P01 unsupported startup parameter/,
    'The pooler refuses a parameter. Take it out of DATABASE_URL, or name it in ignore_startup_parameters of the pooler.',
  ],
  // Hosted poolers have one code, XX000, for all that they refuse.
  [
    /^(XX000|08P01) .*(tenant or user not found|tenant\/user .*not found|no tenant identifier|endpoint ID is not specified)/i,
    'The pooler of DATABASE_URL knows no such project or user. Copy host and user from the provider: the user of a shared pooler names the project too, as in postgres.PROJECT.',
  ],
  [
    /^(XX000|08P01) .*connection is insecure/,
    'The provider of the database lets in over TLS only. Add sslmode=require or sslmode=verify-full to DATABASE_URL.',
  ],
  [
    /does not support SSL connections/,
    'The server speaks no TLS, and DATABASE_URL asks for it. Turn TLS on in PostgreSQL (or its pooler), or say sslmode=disable.',
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/,
    'The certificate of the database does not verify. In DATABASE_URL, name the authority that issued it with sslrootcert=/path/to/ca.pem and the host that it is for, or say sslmode=require: encrypted, and not verified.',
  ],
  [
    /^EACCES connect/,
    'The process may not use the socket of PostgreSQL that DATABASE_URL names. Let its user in.',
  ],
];

/** What a person has to do about an error of PostgreSQL, or of the way to it; undefined when it is none of these. */
export function asUnusable(error: unknown): DatabaseUnusableError | undefined {
  const { code = '', message = '', severity } = (error ?? {}) as Record<string, unknown>;
  const text = `${String(code)} ${String(message)}`.trim();
  const remedy = REMEDIES.find(
    ([pattern]) => pattern.test(text) || pattern.test(`${String(severity)} ${text}`),
  )?.[1];
  return remedy === undefined ? undefined : new DatabaseUnusableError(remedy, error);
}
