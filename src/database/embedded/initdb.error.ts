import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { DatabaseUnusableError } from '../database-unusable.error';

/** @param error of running `initdb`: what that wrote last is why it made no database */
export function explainInitdb(error: unknown): InboxwireError {
  const { stderr = '' } = error as { stderr?: string };
  const said = stderr.trim();
  if (/could not look up effective user ID/.test(said))
    return new DatabaseUnusableError(
      'PostgreSQL makes no database as a user without a name, as containers have them with a uid that is not in /etc/passwd. ' +
        'Run as a user that has one (or add it there), or name a PostgreSQL in DATABASE_URL.',
      error,
    );
  const reason = said.split('\n').slice(-6).join('\n') || describeError(error);
  return new InboxwireError(
    'embedded_postgres_failed',
    `The embedded PostgreSQL could not make its database:\n${reason}`,
  );
}
