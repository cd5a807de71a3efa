import { InboxwireError } from '../../common/inboxwire.error';

export class BackfillRunningError extends InboxwireError {
  constructor(mailboxId: string) {
    super(
      'backfill_running',
      `A backfill of mailbox ${mailboxId} is under way. Wait for its \`mailbox.backfilled\` event; GET /v1/mailboxes/${mailboxId} shows how far it is.`,
    );
  }
}
