const DAY = 24 * 3_600_000;

/** Google ends the grants of a consent screen in "Testing" after this: https://developers.google.com/identity/protocols/oauth2#expiration */
const TESTING_LIFE = 7 * DAY;

/** It is noticed once the last access token has run out, which may have been issued an hour before the end; or on a quiet day. */
const EARLIEST = TESTING_LIFE - 3_600_000;
const LATEST = TESTING_LIFE + DAY;

const IN_TESTING =
  'Google no longer honours the grant (invalid_grant), 7 days after it was given: the consent screen is most likely still in ' +
  '"Testing", where every grant ends after 7 days. Publish it ("In production") at https://console.cloud.google.com/auth/audience, ' +
  'then connect the mailbox again.';

const ANY_CAUSE =
  'Google no longer honours the grant (invalid_grant): access was removed, the password changed, the token was not used ' +
  'for six months, or the consent screen is still in "Testing", where grants last 7 days. Connect the mailbox again.';

/** @see https://support.google.com/a/answer/9368756 */
export const SESSION_CONTROL =
  "Google asks the owner to sign in anew (invalid_rapt): the session control of the owner's Google Workspace ends grants after some " +
  'hours. An administrator can exempt this application: trust its OAuth client at https://admin.google.com/ac/owl, and choose ' +
  '"Exempt trusted apps" at https://admin.google.com/ac/security/reauth. Then connect the mailbox again.';

/**
 * Why a grant died, as far as its age shows, and what to do.
 *
 * @param grantedAt when the owner consented; null when that is not known
 */
export function explainDeadGrant(grantedAt: Date | null, now: Date): string {
  if (grantedAt === null) return ANY_CAUSE;
  const age = now.getTime() - grantedAt.getTime();
  return age >= EARLIEST && age <= LATEST ? IN_TESTING : ANY_CAUSE;
}
