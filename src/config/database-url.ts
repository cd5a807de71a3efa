import { parse, toClientConfig } from 'pg-connection-string';
import type { ClientConfig } from 'pg';

/** How to connect to PostgreSQL, read from `DATABASE_URL` as libpq reads it. */
export type DatabaseTarget = Pick<
  ClientConfig,
  'host' | 'port' | 'user' | 'password' | 'database' | 'ssl' | 'options' | 'client_encoding'
>;

/**
 * Reads the URL as libpq does: `sslmode=require` encrypts and verifies nothing unless `sslrootcert` names whom to trust,
 * `sslrootcert=system` verifies, a `host` in the query may be the directory of a socket.
 *
 * @throws when it names a certificate that cannot be read, or is none of which `databaseUrlFault` finds nothing to say
 */
export function databaseTarget(text: string): DatabaseTarget {
  const [, beginning = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(text)!;
  const parameters = new URLSearchParams(query);
  const verifiesBySystem = parameters.get('sslrootcert') === 'system';
  // The parser would read it as a file; what it says of libpq itself is given below.
  if (verifiesBySystem) parameters.delete('sslrootcert');
  parameters.delete('uselibpqcompat');
  const { host, port, user, password, database, ssl, options, client_encoding } = toClientConfig(
    parse(`${beginning}?${parameters.toString()}`, { useLibpqCompat: true }),
  );
  const encryption = verifiesBySystem ? {} : (unknownModeOf(parameters) ?? ssl);
  const target = { host, port, user, password, database, options, client_encoding, ssl: encryption };
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined));
}

/** The modes that the parser does not know. `allow` begins without encryption, and a server that wants it says so. */
function unknownModeOf(parameters: URLSearchParams): DatabaseTarget['ssl'] | undefined {
  const mode = parameters.getAll('sslmode').at(-1);
  if (mode === 'no-verify') return { rejectUnauthorized: false };
  return mode === 'allow' ? false : undefined;
}
