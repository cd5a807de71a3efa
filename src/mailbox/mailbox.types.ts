export const MAILBOX_STATUSES = [
  'active',
  'reauthorization_required',
  'disconnecting',
  'disconnected',
] as const;

export type MailboxStatus = (typeof MAILBOX_STATUSES)[number];

/** Who a mailbox is. Its watch, cursor and grant belong to other modules. */
export interface Mailbox {
  id: string;
  /** In lower case. */
  emailAddress: string;
  externalId: string | null;
  status: MailboxStatus;
  /** Changes whenever the mailbox is connected, condemned or disconnected: what was found out before no longer counts. */
  revision: number;
  createdAt: Date;
}

export interface MailboxFilter {
  emailAddress?: string;
  externalId?: string;
  status?: MailboxStatus;
}
