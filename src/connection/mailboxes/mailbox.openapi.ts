import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import type { MailboxDto, MailboxPageDto, WatchDto } from './mailbox.dto';
import { NotFoundError } from '../../common/inboxwire.error';
import { LeaseTakenError } from '../../database/lease.service';
import { MailboxNotActiveError } from '../../mailbox/mailbox.errors';
import { GoogleRefusedError } from '../../watch/watch.errors';

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

const WATCH: WatchDto = {
  status: 'active',
  labelIds: ['INBOX'],
  labelFilterBehavior: 'include',
  expiresAt: '2026-11-29T08:59:12.000Z',
  renewAt: '2026-11-28T05:41:33.000Z',
  lastError: null,
};

export const MAILBOX: MailboxDto = {
  id: EXAMPLE_ID.mailbox,
  emailAddress: 'ada@example.com',
  externalId: 'customer-4711',
  scopes: ['openid', 'email', 'https://www.googleapis.com/auth/gmail.readonly'],
  status: 'active',
  watch: WATCH,
  sync: {
    historyId: '1748503',
    notifiedHistoryId: '1748503',
    lastNotificationAt: '2026-11-22T09:14:02.337Z',
    lastSyncAt: '2026-11-22T09:14:02.561Z',
    lastError: null,
  },
  createdAt: '2026-11-22T08:59:10.421Z',
};

export const STOPPED_MAILBOX: MailboxDto = {
  ...MAILBOX,
  watch: { ...WATCH, status: 'stopped', renewAt: null },
};

export const DISCONNECTING_MAILBOX: MailboxDto = { ...MAILBOX, status: 'disconnecting' };

export const MAILBOX_PAGE: MailboxPageDto = { data: [MAILBOX], nextCursor: encodeCursor(MAILBOX.id) };
