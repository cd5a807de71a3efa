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
  createdAt: Date;
}

export interface MailboxFilter {
  emailAddress?: string;
  externalId?: string;
  status?: MailboxStatus;
}
