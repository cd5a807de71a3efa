import type { Can, Cannot } from '../permissions';

/** What there are words for of the codes of a failure; all that only the operator can mend are `operator`. */
export const EXPLAINED = [
  'access_denied',
  'insufficient_scope',
  'missing_refresh_token',
  'mail_service_not_enabled',
  'account_mismatch',
  'invalid_request',
  'invalid_code',
  'invalid_id_token',
  'invalid_state',
  'wrong_browser',
  'session_used',
  'session_expired',
  'google_error',
  'temporarily_unavailable',
  'unknown_link',
  'operator',
] as const;

export type Explained = (typeof EXPLAINED)[number];

/** What happened, and what helps. */
export interface Explanation {
  title: string;
  text: string;
}

/** Everything that the pages say in a language. Google's own words are Google's in that language. */
export interface Words {
  ask: {
    title: (brand: string) => string;
    lead: (brand: string) => string;
    canTitle: (brand: string) => string;
    can: Record<Can, string>;
    cannotTitle: (brand: string) => string;
    cannot: Record<Cannot, string>;
    /** As Google's own buttons say it. */
    button: string;
    /** What to do on Google's page. */
    next: string;
    account: (address: string) => string;
    revoke: string;
  };
  done: {
    title: string;
    text: (address: string, brand: string) => string;
    next: string;
    revoke: string;
  };
  failed: {
    retry: string;
    back: (brand: string) => string;
    code: string;
    explained: Record<Explained, Explanation>;
  };
  /** The link to the page where Google shows who has access. */
  revokeLink: string;
  privacy: string;
  support: string;
}
