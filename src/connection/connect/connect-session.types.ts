import type { LastError } from '../../common/last-error';
import type { LabelFilter } from '../../gmail/label-filter';

/** What the operator asks for with a new link. */
export interface ConnectSessionRequest extends Partial<LabelFilter> {
  redirectUrl?: string;
  externalId?: string;
  loginHint?: string;
  /** Another address ends as `account_mismatch`. */
  expectedEmailAddress?: string;
  /** Another mailbox ends as `account_mismatch`. */
  mailboxId?: string;
  /** RFC 3339. */
  backfillSince?: string;
}

/** A new link, as the API shows it; the only time that its token and its secret are seen. */
export interface NewConnectSessionView {
  id: string;
  url: string;
  secret: string;
  expiresAt: string;
}

/** What has become of a link. */
export interface ConnectSessionView {
  id: string;
  status: ConnectSessionLife;
  /** Null until it is used. */
  mailboxId: string | null;
  /** How the last try that failed did so. */
  lastError: LastError | null;
  externalId: string | null;
  redirectUrl: string | null;
  createdAt: string;
  expiresAt: string;
  usedAt: string | null;
}

/** How a callback ended, as it is kept for those who request it again. */
export type CallbackOutcome = { mailboxId: string } | { error: string };

/** `used`: its callback has completed. */
export type ConnectSessionLife = 'open' | 'used' | 'expired';

/** A session that was found by its token or its state. */
export interface ConnectSession extends ConnectSessionRequest {
  id: string;
  life: ConnectSessionLife;
  /** Empty, as is the verifier, when their encryption key is gone. */
  state: string;
  codeVerifier: string;
}
