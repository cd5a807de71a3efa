const USERINFO = 'https://www.googleapis.com/auth/userinfo.';
export const GMAIL = 'https://www.googleapis.com/auth/gmail.';
export const FULL_MAIL = 'https://mail.google.com/';

const TITLES: Record<string, string> = {
  [FULL_MAIL]: 'Read, compose, send and permanently delete all your email from Gmail',
  [`${GMAIL}modify`]: 'Read, compose and send emails from your Gmail account',
  [`${GMAIL}readonly`]: 'View your email messages and settings',
  [`${GMAIL}metadata`]: 'View your email message metadata such as labels and headers, but not the email body',
};

/** Google answers the short identity scopes under their long names. */
export function canonicalScopes(asked: string): string[] {
  const long = (scope: string): string =>
    scope === 'email' || scope === 'profile' ? `${USERINFO}${scope}` : scope;
  return [...new Set(asked.split(/\s+/).filter(Boolean).map(long))];
}

/** Identity scopes cannot be unticked: https://developers.google.com/identity/protocols/oauth2/resources/granular-permissions */
export function isIdentityScope(scope: string): boolean {
  return scope === 'openid' || scope.startsWith(USERINFO);
}

export function isGmailScope(scope: string): boolean {
  return scope === FULL_MAIL || scope.startsWith(GMAIL);
}

export function scopeTitle(scope: string): string {
  return TITLES[scope] ?? scope;
}
