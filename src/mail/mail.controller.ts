import { Controller, Get, Header, Param, Query, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ClientGone } from '../http/client-gone';
import { download } from '../http/download';
import { MailboxIdPipe } from '../mailbox/mailbox-id.pipe';
import { GmailIdPipe } from './gmail-id.pipe';
import { AttachmentQuery, LabelPageDto, MessageDto, MessageQuery } from './mail.dto';
import { FULL_MESSAGE, LABEL_PAGE, MESSAGE_METADATA } from './mail.examples';
import { ApiAttachmentId, ApiMessageId, ApiReading, BINARY, CONTENT_DISPOSITION } from './mail.openapi';
import { MailReaderService } from './mail-reader.service';
import type { MessageView } from './mail-view';

const MESSAGE = new GmailIdPipe('message', 64);
const ATTACHMENT = new GmailIdPipe('attachment', 2_000);

@ApiTags('Mail')
@ApiBearerAuth()
@Controller('v1/mailboxes/:id')
export class MailController {
  constructor(private readonly reader: MailReaderService) {}

  @Get('messages/:messageId')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ operationId: 'getMessage', summary: 'Read a message from Gmail' })
  @ApiExtraModels(MessageDto)
  @ApiMessageId()
  @ApiOkResponse({
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
  })
  @ApiReading('message')
  async message(
    @Param('id', MailboxIdPipe) id: string,
    @Param('messageId', MESSAGE) messageId: string,
    @Query() { format }: MessageQuery,
    @ClientGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MessageView | StreamableFile> {
    if (format !== 'raw') return this.reader.message(id, messageId, format, gone);
    const mail = await this.reader.raw(id, messageId, gone);
    return download(reply, mail, { name: `${messageId}.eml`, type: 'message/rfc822' });
  }

  @Get('messages/:messageId/attachments/:attachmentId')
  @ApiOperation({
    operationId: 'getAttachment',
    summary: 'Read an attachment from Gmail',
    description:
      'Streamed. Gmail knows neither the name nor the type of an attachment by its id: pass them on as `name` and `type`. ' +
      'A download that breaks off ends without its last chunk.',
  })
  @ApiMessageId()
  @ApiAttachmentId()
  @ApiOkResponse({
    description: 'Its bytes, of the given `type` or `application/octet-stream`',
    headers: CONTENT_DISPOSITION,
    content: { '*/*': BINARY },
  })
  @ApiReading('attachment')
  async attachment(
    @Param('id', MailboxIdPipe) id: string,
    @Param('messageId', MESSAGE) messageId: string,
    @Param('attachmentId', ATTACHMENT) attachmentId: string,
    @Query() { name, type }: AttachmentQuery,
    @ClientGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const bytes = await this.reader.attachment(id, messageId, attachmentId, gone);
    return download(reply, bytes, { name, type });
  }

  @Get('labels')
  @ApiOperation({
    operationId: 'listLabels',
    summary: 'List the labels of a mailbox',
    description: 'Costs 1 quota unit.',
  })
  @ApiOkResponse({ type: LabelPageDto, description: 'All labels', example: LABEL_PAGE })
  @ApiReading('mailbox')
  async labels(
    @Param('id', MailboxIdPipe) id: string,
    @ClientGone() gone: AbortSignal,
  ): Promise<LabelPageDto> {
    return { data: await this.reader.labels(id, gone), nextCursor: null };
  }
}
