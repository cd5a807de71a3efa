import { InboxwireError } from '../common/inboxwire.error';

/** No waiting helps: a person has to change something before the service can start on this database. */
export class DatabaseUnusableError extends InboxwireError {
  constructor(message: string, cause?: unknown) {
    super('database_unusable', message, { cause });
  }
}

const REMEDIES: Record<string, string> = {
  '28P01': 'PostgreSQL refuses the user or the password. Correct them in DATABASE_URL.',
  '28000': 'PostgreSQL lets this user not in from here. Correct the user in DATABASE_URL, or pg_hba.conf.',
  '3D000': 'The server has no such database. Correct its name in DATABASE_URL, or create it.',
  '42501': 'The user of DATABASE_URL lacks a permission. Make it the owner of the database.',
};

/** What a person has to do about an error of PostgreSQL; undefined when it is none of these. */
export function asUnusable(error: unknown): DatabaseUnusableError | undefined {
  const remedy = REMEDIES[String((error as { code?: unknown } | undefined)?.code)];
  return remedy === undefined ? undefined : new DatabaseUnusableError(remedy, error);
}
