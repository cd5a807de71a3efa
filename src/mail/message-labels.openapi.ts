import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { EXAMPLE_ID } from '../http/problem';
import { ApiMessageId, ApiReading } from './mail.openapi';
import { ModifiedMessageDto } from './message-labels.dto';
import { MessagePageDto } from './message-list.dto';

export const ApiModifyMessage = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'modifyMessage',
      summary: 'Change the labels of a message',
      description:
        'Costs 5 quota units and needs `gmail.modify` among `GMAIL_SCOPES`. Archive: remove `INBOX`; mark as read: remove `UNREAD`.',
    }),
    ApiMessageId(),
    ApiOkResponse({
      type: ModifiedMessageDto,
      description: 'Changed, or it was so already',
      example: { messageId: EXAMPLE_ID.message, labelIds: ['INBOX', 'STARRED'] },
    }),
    ApiReading('message', 'change'),
  );

export const ApiListMessages = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'listMessages',
      summary: 'List or search the messages of a mailbox',
      description: 'Asks Gmail, the newest first. Costs 5 quota units a page.',
    }),
    ApiOkResponse({
      type: MessagePageDto,
      description: 'A page of ids',
      example: { data: [{ id: EXAMPLE_ID.message, threadId: EXAMPLE_ID.message }], nextCursor: null },
    }),
    ApiReading('mailbox', 'search'),
  );
