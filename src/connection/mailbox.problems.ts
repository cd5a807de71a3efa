import { EXAMPLE_ID } from '../common/http/example-ids';
import { NotFoundError } from '../common/inboxwire.error';
import { LeaseTakenError } from '../database/lease.service';
import { MailboxNotActiveError } from '../mailbox/mailbox.errors';
import { GoogleRefusedError } from '../watch/watch.errors';

/** What the routes of a mailbox can be answered with, for their description. */
export const MAILBOX_NOT_FOUND = new NotFoundError('mailbox', EXAMPLE_ID.mailbox);

export const MAILBOX_NOT_ACTIVE = new MailboxNotActiveError(EXAMPLE_ID.mailbox, 'disconnected');

export const WATCH_PROBLEMS = [
  MAILBOX_NOT_FOUND,
  MAILBOX_NOT_ACTIVE,
  new LeaseTakenError(`watch:${EXAMPLE_ID.mailbox}`),
  new GoogleRefusedError(
    'Gmail may not publish to PUBSUB_TOPIC. Give gmail-api-push@system.gserviceaccount.com the role roles/pubsub.publisher on the topic.',
    undefined,
  ),
];
