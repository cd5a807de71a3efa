import { isId } from '../common/id';
import { InboxwireError, NotFoundError } from '../common/inboxwire.error';
import type { MailboxStatus } from './mailbox.types';

/** No mailbox has this id. Who gives an address or an external id in its place learns where the id is found. */
export class MailboxNotFoundError extends NotFoundError {
  constructor(id: string) {
    super('mailbox', id, isId('mbx', id) ? undefined : NAMED_BY_ID);
  }
}

const NAMED_BY_ID =
  'Mailboxes are named by their ids (mbx_…): the list of mailboxes finds one by `emailAddress` or `externalId`.';

/** What was asked needs an active mailbox. */
export class MailboxNotActiveError extends InboxwireError {
  constructor(id: string, status: MailboxStatus) {
    const remedy =
      status === 'erased'
        ? 'Connect its account with a new connect session: it becomes a new mailbox.'
        : 'Connect it again with a new connect session.';
    super('mailbox_not_active', `Mailbox ${id} is ${status}. ${remedy}`);
  }
}

/** The mailbox is erased, or is being erased: nothing more may be known of it. */
export class MailboxErasedError extends InboxwireError {
  constructor(id: string) {
    super(
      'mailbox_erased',
      `Mailbox ${id} is erased, or is being erased. After its \`mailbox.erased\` event the account can be connected anew, as a new mailbox.`,
    );
  }
}
