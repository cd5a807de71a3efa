import { InboxwireError } from '../common/inboxwire.error';
import type { LastError } from '../common/last-error';

/** What can go wrong between the link and the connected mailbox, in words for the `error` of a redirect and for a page. */
export const CONNECT_ERRORS = {
  access_denied: 'Access was not allowed. Try again if that was not what you wanted.',
  insufficient_scope:
    'The box that lets Gmail be read was not ticked. Try again and tick every box on the page of Google.',
  missing_refresh_token:
    'Google gave no lasting access. Remove the access of this app at https://myaccount.google.com/permissions, then try again.',
  mail_service_not_enabled: 'This Google account has no Gmail. Try again with another account.',
  account_mismatch: 'This is not the account that was asked for. Try again and choose that one.',
  invalid_request: 'The answer of Google was not complete. Try again.',
  invalid_code: 'The answer of Google was used before, or came too late. Try again.',
  invalid_id_token: 'Google did not say whose account this is. Try again.',
  invalid_state: 'This page was reached by a way that this service did not begin. Ask for a new link.',
  wrong_browser:
    'The link was opened in another browser. Open the link in the browser in which you consent. If it is the same one, allow cookies for this page first.',
  session_used: 'This link has been used. Ask for a new one if the mailbox is not connected.',
  session_expired: 'This link has expired. Ask for a new one.',
  google_error: 'Google reported an error. Try again.',
  temporarily_unavailable: 'The mailbox could not be connected just now. Wait a moment and try again.',
} as const;

export type ConnectErrorCode = keyof typeof CONNECT_ERRORS;

/** No other try in this session helps: the owner needs another browser or another link. */
const FINAL: ReadonlySet<string> = new Set<ConnectErrorCode>([
  'invalid_state',
  'wrong_browser',
  'session_used',
  'session_expired',
]);

const CONSOLE = 'https://console.cloud.google.com';

/** What only the operator can mend, and how. The owner is shown no more than that. */
const REMEDIES: Readonly<Record<string, string>> = {
  gmail_api_not_enabled: `enable the Gmail API of the project at ${CONSOLE}/apis/library/gmail.googleapis.com`,
  oauth_client_invalid: `check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET against ${CONSOLE}/auth/clients`,
  oauth_client_deleted: `the OAuth client of GOOGLE_CLIENT_ID was deleted: restore it or make another one at ${CONSOLE}/auth/clients`,
  oauth_client_disabled: `the OAuth client of GOOGLE_CLIENT_ID is disabled: enable it at ${CONSOLE}/auth/clients`,
  oauth_client_unauthorized: `the OAuth client of GOOGLE_CLIENT_ID must be of the type "Web application": see ${CONSOLE}/auth/clients`,
  org_internal: `the app is for its own organisation only: set the user type to "External" at ${CONSOLE}/auth/audience`,
  admin_policy_enforced:
    "the administrator of the owner's Google Workspace does not allow this app: they trust it at https://admin.google.com/ac/owl",
  redirect_uri_mismatch: `add $PUBLIC_URL/auth/google/callback to the redirect URIs of the client at ${CONSOLE}/auth/clients`,
  token_refused: `Google's token endpoint refuses the exchange: check the client at ${CONSOLE}/auth/clients`,
  invalid_scope: `GMAIL_SCOPES names a scope that Google does not know; compare with ${CONSOLE}/auth/scopes`,
};

/** Google's own words for some of them. */
const SAID_BY_GOOGLE: Readonly<Record<string, string>> = {
  invalid_client: 'oauth_client_invalid',
  deleted_client: 'oauth_client_deleted',
  disabled_client: 'oauth_client_disabled',
  unauthorized_client: 'oauth_client_unauthorized',
};

/** Verdicts of Google about the account, for which there are words above. */
const TOLD_TO_OWNER: ReadonlySet<string> = new Set<ConnectErrorCode>([
  'access_denied',
  'mail_service_not_enabled',
]);

export const FOR_THE_OPERATOR =
  'Google does not let this application connect mailboxes. Only whoever runs it can mend that: please tell them.';

/** The mailbox was not connected. `code` is one of ours, or an error of Google's consent page that is passed on. */
export class ConnectError extends Error {
  constructor(
    readonly code: string,
    cause?: unknown,
  ) {
    super(explain(code), { cause });
    this.name = 'ConnectError';
  }

  /** What the operator has to do, when nobody else can; undefined otherwise. */
  get remedy(): string | undefined {
    return Object.hasOwn(REMEDIES, this.code) ? REMEDIES[this.code] : undefined;
  }

  /** As the application is shown it, which can do more about it than the owner. */
  asLastError(now = new Date()): LastError {
    return { code: this.code, message: this.remedy ?? this.message, at: now.toISOString() };
  }

  /** Whether the owner may try again in the same session. */
  get mayTryAgain(): boolean {
    return this.remedy === undefined && !FINAL.has(this.code);
  }
}

/** The error that Google's consent page came back with: passed on when it looks like one. */
export function consentError(said: string): ConnectError {
  if (!/^[a-z_]{1,64}$/.test(said)) return new ConnectError('google_error');
  return new ConnectError(Object.hasOwn(SAID_BY_GOOGLE, said) ? SAID_BY_GOOGLE[said]! : said);
}

/** Whatever went wrong, as a person reads it. What is not our own decision may well succeed at the next try. */
export function toConnectError(error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  const code = error instanceof InboxwireError ? error.code : '';
  if (code === 'id_token_invalid') return new ConnectError('invalid_id_token', error);
  const isKnown = TOLD_TO_OWNER.has(code) || Object.hasOwn(REMEDIES, code);
  return new ConnectError(isKnown ? code : 'temporarily_unavailable', error);
}

function explain(code: string): string {
  if (Object.hasOwn(REMEDIES, code)) return FOR_THE_OPERATOR;
  return Object.hasOwn(CONNECT_ERRORS, code)
    ? CONNECT_ERRORS[code as ConnectErrorCode]
    : CONNECT_ERRORS.google_error;
}
