/** Any of these lets Gmail's history be read and watched: https://developers.google.com/workspace/gmail/api/auth/scopes */
const READ_GMAIL: ReadonlySet<string> = new Set([
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.modify',
  'https://www.googleapis.com/auth/gmail.readonly',
  'https://www.googleapis.com/auth/gmail.metadata',
]);

/** Whether a grant is of any use here. Judged by what Gmail needs: the settings may have changed since the consent. */
export function canReadGmail(granted: string[]): boolean {
  return granted.some((scope) => READ_GMAIL.has(scope));
}

/** Whether a grant allows more of a message than its headers, labels and snippet. */
export function canReadContent(granted: string[]): boolean {
  return granted.some((scope) => READ_GMAIL.has(scope) && !scope.endsWith('/gmail.metadata'));
}

/** Any of these lets the labels of messages be changed. */
const CHANGE_LABELS: ReadonlySet<string> = new Set([
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.modify',
]);

export function canChangeLabels(scopes: string[]): boolean {
  return scopes.some((scope) => CHANGE_LABELS.has(scope));
}

/** The wanted scopes that were not granted. */
export function missingScopes(wanted: string[], granted: string[]): string[] {
  return wanted.filter((scope) => !granted.includes(scope));
}
