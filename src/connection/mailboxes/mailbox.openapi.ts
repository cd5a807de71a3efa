import { EXAMPLE_ID } from '../../common/http/example-ids';
import { encodeCursor } from '../../http/page';
import type { ConnectSessionDto } from '../connect/connect-session.dto';
import type { MailboxDto, MailboxPageDto, WatchDto } from './mailbox.dto';

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

export const CONNECT_SESSION: ConnectSessionDto = {
  id: EXAMPLE_ID.connectSession,
  url: 'https://gateway.example.com/connect/4Jxk0a9Vq1mT7sYwNf2hRzCe8LdUoKb3PgWiX5tHvQE',
  expiresAt: '2026-11-22T09:14:10.421Z',
};
