import type { GoogleState } from '../google-state';
import type { Mailbox } from '../mailbox/mailbox';
import type { GmailMethodName } from './quota-costs';

export interface GmailCall {
  state: GoogleState;
  mailbox: Mailbox;
  scopes: readonly string[];
  /** The ids in the path, in order. */
  ids: readonly string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface GmailMethod {
  name: GmailMethodName;
  verb: 'GET' | 'POST' | 'DELETE';
  /** Below `/gmail/v1/users/{userId}/`; `*` stands for an id. */
  path: string;
  /** Any one of them is enough. */
  scopes: readonly string[];
  /** Name of the answer's shape. */
  shape: string;
  /** `null` answers 204 with no body. */
  run: (call: GmailCall) => object | null;
}
