import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import { MailboxDto, MailboxPageDto, type WatchDto } from './mailbox.dto';
import { NotFoundError } from '../../common/inboxwire.error';
import { LeaseTakenError } from '../../database/lease.service';
import { MailboxErasedError, MailboxNotActiveError } from '../../mailbox/mailbox.errors';
import { GoogleRefusedError } from '../../watch/watch.errors';

const MAILBOX_NOT_FOUND = new NotFoundError('mailbox', EXAMPLE_ID.mailbox);

const MAILBOX_NOT_ACTIVE = new MailboxNotActiveError(EXAMPLE_ID.mailbox, 'disconnected');

const WATCH_PROBLEMS = [
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
  googleAccountId: '117326418935551804233',
  emailAddress: 'ada@example.com',
  externalId: 'customer-4711',
  grant: 'consent',
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
  backfill: null,
  createdAt: '2026-11-22T08:59:10.421Z',
};

const STOPPED_MAILBOX: MailboxDto = {
  ...MAILBOX,
  watch: { ...WATCH, status: 'stopped', renewAt: null },
};

const DISCONNECTING_MAILBOX: MailboxDto = { ...MAILBOX, status: 'disconnecting' };

const MAILBOX_PAGE: MailboxPageDto = { data: [MAILBOX], nextCursor: encodeCursor(MAILBOX.id) };

const ApiMailboxId = () => ApiId('mailbox', EXAMPLE_ID.mailbox);

export const ApiListMailboxes = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listMailboxes', summary: 'List mailboxes, in the order of their creation' }),
    ApiOkResponse({ type: MailboxPageDto, description: 'A page of mailboxes', example: MAILBOX_PAGE }),
  );

export const ApiGetMailbox = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({ operationId: 'getMailbox', summary: 'Get one mailbox, with its watch and sync state' }),
    ApiOkResponse({ type: MailboxDto, description: 'The mailbox', example: MAILBOX }),
    ApiProblems(MAILBOX_NOT_FOUND),
  );

export const ApiUpdateMailbox = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({
      operationId: 'updateMailbox',
      summary: 'Change your own name for a mailbox',
      description: 'What is left out stays as it is. Events that are in the log already stay as they are.',
    }),
    ApiOkResponse({ type: MailboxDto, description: 'The mailbox', example: MAILBOX }),
    ApiProblems(MAILBOX_NOT_FOUND, new MailboxErasedError(EXAMPLE_ID.mailbox)),
  );

export const ApiStartWatch = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({
      operationId: 'startWatch',
      summary: 'Start the watch, or replace its filter',
      description: 'What is left out is no labels, which is to say that every change counts, and `include`.',
    }),
    ApiOkResponse({ type: MailboxDto, description: 'The mailbox with its new watch', example: MAILBOX }),
    ApiProblems(...WATCH_PROBLEMS),
  );

export const ApiStopWatch = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({ operationId: 'stopWatch', summary: 'Stop the watch and keep the grant' }),
    ApiOkResponse({ type: MailboxDto, description: 'The mailbox without a watch', example: STOPPED_MAILBOX }),
    ApiProblems(...WATCH_PROBLEMS),
  );

export const ApiSyncMailbox = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({
      operationId: 'syncMailbox',
      summary: 'Ask for a sync now',
      description: 'A wait that Google asked for is not shortened by it.',
    }),
    ApiAcceptedResponse({ type: MailboxDto, description: 'The sync will run', example: MAILBOX }),
    ApiProblems(MAILBOX_NOT_FOUND, MAILBOX_NOT_ACTIVE),
  );

export const ApiDisconnectMailbox = () =>
  applyDecorators(
    ApiMailboxId(),
    ApiOperation({
      operationId: 'disconnectMailbox',
      summary: 'Disconnect: stop the watch, revoke the grant, erase the tokens',
      description:
        'Each step is tried until it is done. The mailbox stays in the list. With `erase=true` what is kept of it is erased then, for good: its address, `externalId` and `googleAccountId`, ' +
        'what its events say, the answers of receivers. Deliveries that wait are dead, and a last `mailbox.erased` event is delivered.',
    }),
    ApiAcceptedResponse({
      type: MailboxDto,
      description: 'It is `disconnecting`, and `disconnected` in the end, or `erased`',
      example: DISCONNECTING_MAILBOX,
    }),
    ApiProblems(MAILBOX_NOT_FOUND),
  );
