import type { ErrorCode } from '../common/error-codes';

/** What a refusal of the token endpoint is called here, and what a person does about it. */
export interface ExplainedRefusal {
  code: ErrorCode;
  remedy: string;
}

const CLIENTS = 'https://console.cloud.google.com/auth/clients';

/** By Google's words: RFC 6749, 5.2, and https://developers.google.com/identity/protocols/oauth2/web-server#authorization-errors */
const REFUSALS: ReadonlyMap<string, ExplainedRefusal> = new Map<string, ExplainedRefusal>([
  [
    'invalid_client',
    {
      code: 'oauth_client_invalid',
      remedy: `Google does not know this OAuth client (invalid_client): check GOOGLE_CLIENT_ID / GOOGLE_CLIENT_SECRET against ${CLIENTS}.`,
    },
  ],
  [
    'deleted_client',
    {
      code: 'oauth_client_deleted',
      remedy:
        'The OAuth client of GOOGLE_CLIENT_ID was deleted (deleted_client): restore it within 30 days, or make another one and let every ' +
        `owner connect again, at ${CLIENTS}.`,
    },
  ],
  [
    'disabled_client',
    {
      code: 'oauth_client_disabled',
      remedy: `The OAuth client of GOOGLE_CLIENT_ID is disabled (disabled_client): enable it at ${CLIENTS}.`,
    },
  ],
  [
    'unauthorized_client',
    {
      code: 'oauth_client_unauthorized',
      remedy: `The OAuth client of GOOGLE_CLIENT_ID may not do this (unauthorized_client): it must be of the type "Web application", at ${CLIENTS}.`,
    },
  ],
  [
    'admin_policy_enforced',
    {
      code: 'admin_policy_enforced',
      remedy:
        "The administrator of the owner's Google Workspace does not allow this application (admin_policy_enforced): they trust " +
        'the OAuth client GOOGLE_CLIENT_ID at https://admin.google.com/ac/owl.',
    },
  ],
  [
    'org_internal',
    {
      code: 'org_internal',
      remedy:
        'The application is for its own organisation only (org_internal): set the user type to "External" at ' +
        'https://console.cloud.google.com/auth/audience.',
    },
  ],
  [
    'access_denied',
    {
      code: 'access_denied',
      remedy:
        'Google denies this application the account (access_denied): the account or the application is restricted. The ' +
        "administrator of the owner's Google Workspace allows it at https://admin.google.com/ac/owl, or the operator mends " +
        'what https://console.cloud.google.com/auth/overview complains of.',
    },
  ],
  [
    'policy_enforced',
    {
      code: 'access_denied',
      remedy:
        "The owner's account is in Google's Advanced Protection Program, which lets no application read mail that Google has not " +
        'verified (policy_enforced): its owner leaves the program at https://myaccount.google.com/advanced-protection , or the ' +
        'operator has the application verified at https://console.cloud.google.com/auth/verification.',
    },
  ],
  [
    'invalid_scope',
    {
      code: 'invalid_scope',
      remedy:
        'Google does not accept the scopes (invalid_scope): compare GMAIL_SCOPES with ' +
        'https://console.cloud.google.com/auth/scopes, and let the owner connect again.',
    },
  ],
  [
    'redirect_uri_mismatch',
    {
      code: 'redirect_uri_mismatch',
      remedy: `Google does not know the redirect URI (redirect_uri_mismatch): add $PUBLIC_URL/auth/google/callback to it at ${CLIENTS}.`,
    },
  ],
]);

/** Words of a limit, or of a failure on Google's side, which come with 4xx too. They pass. */
const PASSING =
  /limit|quota|exceeded|slow_down|internal_|server_|backend|unavailable|timeout|pending|try_again/;

/** Whether this word, with the status of an error of OAuth, says that the same request is refused until somebody acts. */
export function isRefusal(word: unknown): word is string {
  return typeof word === 'string' && /^[a-z_]{1,64}$/.test(word) && !PASSING.test(word);
}

export function explainRefusal(word: string): ExplainedRefusal {
  return (
    REFUSALS.get(word) ?? {
      code: 'token_refused',
      remedy:
        `Google's token endpoint refuses to give an access token (${word}); it will be asked again. If it stays, look for the ` +
        `word in https://developers.google.com/identity/protocols/oauth2/web-server, and check the OAuth client at ${CLIENTS}.`,
    }
  );
}
