/** What an application may do with the consent, and what not: keys of sentences in each language. */
export interface Permissions {
  can: Can[];
  cannot: Cannot[];
}

export type Can =
  'content' | 'headers' | 'changes' | 'labels' | 'send' | 'deleteForever' | 'settings' | 'address';
export type Cannot = 'content' | 'change' | 'send' | 'deleteForever' | 'password';

const GMAIL = 'https://www.googleapis.com/auth/gmail.';

const ALL = 'https://mail.google.com/';

/** Which scopes allow what: https://developers.google.com/workspace/gmail/api/auth/scopes */
const SCOPES = {
  content: [ALL, `${GMAIL}modify`, `${GMAIL}readonly`],
  labels: [ALL, `${GMAIL}modify`, `${GMAIL}labels`],
  send: [ALL, `${GMAIL}modify`, `${GMAIL}compose`, `${GMAIL}send`, `${GMAIL}insert`],
  deleteForever: [ALL],
  settings: [`${GMAIL}settings.basic`, `${GMAIL}settings.sharing`],
} as const;

/** Of the scopes that the owner is asked for: what Google's page says of them, in other words. */
export function permissionsOf(scopes: readonly string[]): Permissions {
  const may = (what: keyof typeof SCOPES) => SCOPES[what].some((scope) => scopes.includes(scope));
  const extra = (['labels', 'send', 'deleteForever', 'settings'] as const).filter(may);
  const cannot = [
    ...(may('content') ? [] : ['content' as const]),
    ...(may('send') ? [] : ['send' as const]),
    ...(may('labels') ? [] : ['change' as const]),
    ...(may('labels') && !may('deleteForever') ? ['deleteForever' as const] : []),
  ];
  return {
    can: [may('content') ? 'content' : 'headers', 'changes', ...extra, 'address'],
    cannot: [...cannot, 'password'],
  };
}
