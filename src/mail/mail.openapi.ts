import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, getSchemaPath } from '@nestjs/swagger';
import { GrantUnreadableError } from '../auth/auth.errors';
import { ApiId, ApiProblems, type Header } from '../http/api-problems';
import { EXAMPLE_ID } from '../http/problem';
import { NotFoundError } from '../common/inboxwire.error';
import { MailboxNotActiveError } from '../mailbox/mailbox.errors';
import { LabelPageDto, MessageDto } from './mail.dto';
import {
  ReadRefusedError,
  GoogleUnavailableError,
  InsufficientScopeError,
  GmailLimitReachedError,
  type Need,
} from './mail.errors';

const IN_A_MOMENT = new Date(Date.now() + 5_000);

const googleProblems = (need: Need) => [
  new MailboxNotActiveError(EXAMPLE_ID.mailbox, 'reauthorization_required'),
  new InsufficientScopeError(need),
  new GmailLimitReachedError(
    'The quota of the mailbox is used up for the moment. Ask again after the time in `Retry-After`.',
    IN_A_MOMENT,
  ),
  new ReadRefusedError('This Google account has no Gmail.', undefined),
  new GoogleUnavailableError(
    'Google did not answer as it should. Ask again in a moment.',
    IN_A_MOMENT,
    undefined,
  ),
  new GrantUnreadableError(undefined),
];

/** What every call can be answered with besides what was asked for. */
export const ApiReading = (
  kind: 'mailbox' | 'message' | 'attachment',
  need: Need = 'content',
  ...others: Error[]
): MethodDecorator =>
  applyDecorators(
    ApiId('mailbox', EXAMPLE_ID.mailbox),
    ApiProblems(new NotFoundError(kind, EXAMPLE_ID[kind]), ...others, ...googleProblems(need)),
  );

export const ApiMessageId = (): MethodDecorator =>
  ApiParam({
    name: 'messageId',
    description: 'The id of the message, as its events and Gmail have it',
    example: EXAMPLE_ID.message,
  });

const ApiAttachmentId = (): MethodDecorator =>
  ApiParam({
    name: 'attachmentId',
    description: 'The `id` of the attachment, from any read of the message or from its event',
    example: EXAMPLE_ID.attachment,
  });

/** A body of bytes. */
const BINARY = { schema: { type: 'string', format: 'binary' } } as const;

const CONTENT_DISPOSITION: Record<string, Header> = {
  'Content-Disposition': {
    description: 'Bytes from outside are to be saved, and never shown',
    schema: { type: 'string' },
    example: `attachment; filename="contract.pdf"; filename*=UTF-8''contract.pdf`,
  },
};

const MESSAGE_METADATA: MessageDto = {
  id: EXAMPLE_ID.message,
  threadId: EXAMPLE_ID.message,
  historyId: '1748503',
  labelIds: ['UNREAD', 'INBOX'],
  from: { name: 'Bob Example', address: 'bob@example.net' },
  to: [{ name: 'Ada', address: 'ada@example.com' }],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: 'The contract',
  date: '2026-11-22T09:13:58.000Z',
  snippet: 'Hello Ada, here is the contract.',
  rfc822MessageId: '<pdf-1@example.net>',
  inReplyTo: null,
  references: [],
  listId: null,
  autoSubmitted: null,
  headers: {},
  internalDate: '2026-11-22T09:14:01.000Z',
  sizeEstimate: 48213,
  attachments: [
    {
      ...{ id: EXAMPLE_ID.attachment, name: 'contract.pdf', type: 'application/pdf', size: 34512 },
      ...{ inline: false, contentId: null },
    },
  ],
  allHeaders: [
    { name: 'From', value: 'Bob Example <bob@example.net>' },
    { name: 'Subject', value: 'The contract' },
  ],
};

const FULL_MESSAGE: MessageDto = {
  ...MESSAGE_METADATA,
  text: 'Hello Ada,\nhere is the contract.\n',
  html: null,
};

const LABEL_PAGE: LabelPageDto = {
  data: [
    {
      id: 'INBOX',
      name: 'INBOX',
      type: 'system',
      messageListVisibility: null,
      labelListVisibility: null,
      color: null,
    },
    {
      id: 'Label_7',
      name: 'Customers',
      type: 'user',
      messageListVisibility: 'show',
      labelListVisibility: 'labelShow',
      color: { textColor: '#ffffff', backgroundColor: '#16a765' },
    },
  ],
  nextCursor: null,
};

export const ApiGetMessage = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ operationId: 'getMessage', summary: 'Read a message from Gmail' }),
    ApiExtraModels(MessageDto),
    ApiMessageId(),
    ApiOkResponse({
      description: 'The message; with `format=raw` the mail as it was received, streamed',
      headers: CONTENT_DISPOSITION,
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(MessageDto) },
          examples: {
            full: { summary: 'With its texts', value: FULL_MESSAGE },
            metadata: { summary: 'With `format=metadata`', value: MESSAGE_METADATA },
          },
        },
        'message/rfc822': BINARY,
      },
    }),
    ApiReading('message'),
  );

export const ApiGetAttachment = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'getAttachment',
      summary: 'Read an attachment from Gmail',
      description:
        'Streamed. Gmail knows neither the name nor the type of an attachment by its id: pass them on as `name` and `type`. ' +
        'A download that breaks off ends without its last chunk.',
    }),
    ApiMessageId(),
    ApiAttachmentId(),
    ApiOkResponse({
      description: 'Its bytes, of the given `type` or `application/octet-stream`',
      headers: CONTENT_DISPOSITION,
      content: { '*/*': BINARY },
    }),
    ApiReading('attachment'),
  );

export const ApiListLabels = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'listLabels',
      summary: 'List the labels of a mailbox',
      description: 'Costs 1 quota unit.',
    }),
    ApiOkResponse({ type: LabelPageDto, description: 'All labels', example: LABEL_PAGE }),
    ApiReading('mailbox'),
  );
