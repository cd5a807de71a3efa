import { parse, toClientConfig } from 'pg-connection-string';
import type { ClientConfig } from 'pg';

/** How to connect to PostgreSQL, read from `DATABASE_URL` as libpq reads it. */
export type DatabaseTarget = Pick<
  ClientConfig,
  'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'options' | 'client_encoding'
>;

const FORM = 'a PostgreSQL URL such as postgres://user:password@host:5432/inboxwire';
const ENCODED =
  `${FORM}, its user and password percent-encoded: ` +
  '% as %25, @ as %40, / as %2F, : as %3A, # as %23, ? as %3F, a space as %20';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** What `DATABASE_URL` should be instead, without anything that it says; undefined when it can be used. */
export function databaseUrlFault(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return FORM;
  const url = parseUrl(text);
  if (url === undefined || !isEncoded(text, url)) return ENCODED;
  if (url.hostname.includes(',')) return 'one host: several are not supported';
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `sslmode as one of ${SSL_MODES.join(', ')}`;
  if (mode === 'verify-ca' && !url.searchParams.has('sslrootcert'))
    return 'sslrootcert=/path/to/ca.pem beside sslmode=verify-ca; or sslmode=verify-full';
  try {
    databaseTarget(text);
    return undefined;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    return path === undefined ? FORM : `certificate files that can be read: ${path} (${code})`;
  }
}

/**
 * Reads the URL as libpq does: `sslmode=require` encrypts and verifies nothing unless `sslrootcert` names whom to trust, a
 * `host` in the query may be the directory of a socket.
 *
 * @throws when it names a certificate that cannot be read, or is none of which `databaseUrlFault` finds nothing to say
 */
export function databaseTarget(text: string): DatabaseTarget {
  const url = text.replace(/([?&])(uselibpqcompat=[^&]*|sslrootcert=system)(&|$)/g, '$1');
  const { host, port, user, password, database, ssl, options, client_encoding } = toClientConfig(
    parse(url, { useLibpqCompat: true }),
  );
  const target = { host, port, user, password, database, options, client_encoding, ssl: sslOf(url) ?? ssl };
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
}

/** The modes that the parser does not know. `allow` begins without encryption, and a server that wants it says so. */
function sslOf(url: string): DatabaseTarget['ssl'] | undefined {
  if (/[?&]sslmode=no-verify(&|$)/.test(url)) return { rejectUnauthorized: false };
  return /[?&]sslmode=allow(&|$)/.test(url) ? false : undefined;
}

/** A URL may leave the host out, for a socket that its query names. */
function parseUrl(text: string): URL | undefined {
  const withHost = URL.canParse(text) ? text : text.replace('@/', '@localhost/');
  return URL.canParse(withHost) ? new URL(withHost) : undefined;
}

/** What stands behind an `@`, `/`, `#` or `?` of a password looks like the host, the path or the query. */
function isEncoded(text: string, { username, password, pathname, search, hash }: URL): boolean {
  if (/\s|%(?![\da-f]{2})/i.test(text) || pathname.includes('@') || hash !== '') return false;
  if (username === '' && search.includes('@')) return false;
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
