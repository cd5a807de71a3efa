export const MAILBOX_STATUSES = [
  'active',
  'reauthorization_required',
  'disconnecting',
  'disconnected',
  'erased',
] as const;

export type MailboxStatus = (typeof MAILBOX_STATUSES)[number];

export const GRANT_KINDS = ['consent', 'delegated'] as const;

/** By whose leave the mail is read: its owner's, or that of the administrator of a Google Workspace. */
export type GrantKind = (typeof GRANT_KINDS)[number];

/** Who a mailbox is. Its watch, cursor and grant belong to other modules. */
export interface Mailbox {
  id: string;
  /** The account that it stands for; null until a consent or a refresh has brought an ID token. */
  googleAccountId: string | null;
  /** In lower case; null once it is erased. */
  emailAddress: string | null;
  /** False: the account has another address now, or is no more. Which of the two is being found out. */
  holdsAddress: boolean;
  externalId: string | null;
  status: MailboxStatus;
  grantKind: GrantKind;
  /** Changes whenever the mailbox is connected, condemned or disconnected: what was found out before no longer counts. */
  revision: number;
  createdAt: Date;
}

/** A mailbox as it was when something was begun. */
export type MailboxAtRevision = Pick<Mailbox, 'id' | 'revision'>;

/** Whose consent it was. */
export interface GoogleAccount {
  /** Undefined when no ID token came with the tokens. */
  googleAccountId: string | undefined;
  emailAddress: string;
}

export interface MailboxFilter {
  emailAddress?: string;
  externalId?: string;
  status?: MailboxStatus;
}
