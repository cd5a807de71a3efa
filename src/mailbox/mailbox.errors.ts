import { InboxwireError } from '../common/inboxwire.error';
import type { MailboxStatus } from './mailbox.types';

/** What was asked needs an active mailbox. */
export class MailboxNotActiveError extends InboxwireError {
  constructor(id: string, status: MailboxStatus) {
    super('mailbox_not_active', `Mailbox ${id} is ${status}. Connect it again with a new connect session.`);
  }
}
