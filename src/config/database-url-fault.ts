import { databaseTarget } from './database-url';

const FORM = 'a PostgreSQL URL such as postgres://user:password@host:5432/inboxwire';
const ENCODED =
  `${FORM}, its user and password percent-encoded: ` +
  '% as %25, @ as %40, / as %2F, : as %3A, # as %23, ? as %3F, a space as %20';
const ONE_HOST = 'one host: several are not supported';
const PORT = `${FORM}, its port a number from 1 to 65535`;

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Another name about TLS is one of another driver, and would be passed over: what it asks for would not happen. */
const TLS_PARAMETERS = [
  'ssl',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'sslsni',
  'sslcompression',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
];

/** Parameters with a value in which an `@` has a meaning. */
const MAY_HAVE_AT_SIGN = ['user', 'password', 'host', 'options', 'application_name'];

/** What `DATABASE_URL` should be instead, without anything that it says; undefined when it can be used. */
export function databaseUrlFault(text: string): string | undefined {
  const parts = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)\??(?<query>.*)$/s.exec(
    text,
  )?.groups;
  if (parts === undefined) return FORM;
  const { authority = '', path = '', query = '' } = parts;
  if (!isEncoded(text, path, query)) return ENCODED;
  const parameters = new URLSearchParams(query);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return addressFault(host, parameters) ?? tlsFault(parameters) ?? readingFault(text);
}

/** What stands behind an `@`, `/`, `#` or `?` of a password looks like the host, the path or the query. */
function isEncoded(text: string, path: string, query: string): boolean {
  if (/[\s#]/.test(text) || path.includes('@')) return false;
  const names = query.split('&').filter((pair) => pair.includes('@'));
  if (names.some((pair) => !MAY_HAVE_AT_SIGN.includes(pair.split('=')[0]!))) return false;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function addressFault(host: string, parameters: URLSearchParams): string | undefined {
  if ([host, ...parameters.getAll('host')].some((name) => name.includes(','))) return ONE_HOST;
  const ports = [
    /^[^:]*:([^:\]]*)$|\]:(.*)$/.exec(host)?.slice(1).join('') ?? '',
    ...parameters.getAll('port'),
  ];
  return ports.some((port) => port !== '' && !isPort(port)) ? PORT : undefined;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function tlsFault(parameters: URLSearchParams): string | undefined {
  const unknown = [...parameters.keys()].some(
    (name) => /ssl|tls/i.test(name) && !TLS_PARAMETERS.includes(name),
  );
  if (unknown) return 'TLS to be described by sslmode, sslrootcert, sslcert and sslkey';
  if (parameters.getAll('ssl').some((value) => !/^(true|1|false|0)$/.test(value)))
    return 'ssl as true or false; or sslmode instead';
  const modes = parameters.getAll('sslmode');
  if (modes.some((mode) => !SSL_MODES.includes(mode))) return `sslmode as one of ${SSL_MODES.join(', ')}`;
  const authorities = parameters.getAll('sslrootcert');
  // As libpq: whoever trusts the authorities of the system trusts them for any host but the one in the URL.
  if (authorities.includes('system') && modes.some((mode) => mode !== 'verify-full'))
    return 'sslmode=verify-full, or none, beside sslrootcert=system';
  return modes.includes('verify-ca') && authorities.length === 0
    ? 'sslrootcert=/path/to/ca.pem beside sslmode=verify-ca; or sslmode=verify-full'
    : undefined;
}

function readingFault(text: string): string | undefined {
  try {
    databaseTarget(text);
    return undefined;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    return path === undefined ? ENCODED : `certificate files that can be read: ${path} (${code})`;
  }
}
