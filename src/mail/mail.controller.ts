import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ClientGone } from '../http/client-gone';
import { download } from '../http/download';
import { MailboxIdPipe } from '../mailbox/mailbox-id.pipe';
import { GmailIdPipe } from './gmail-id.pipe';
import { AttachmentQuery, type LabelPageDto, MessageQuery } from './mail.dto';
import { ApiGetAttachment, ApiGetMessage, ApiListLabels } from './mail.openapi';
import { MailReaderService } from './mail-reader.service';
import type { MessageView } from './mail-view';
import { type ModifiedMessageDto, ModifyMessageDto } from './message-labels.dto';
import { ApiListMessages, ApiModifyMessage } from './message-labels.openapi';
import { MessageLabelsService } from './message-labels.service';
import { ListMessagesQuery, type MessagePageDto } from './message-list.dto';
import { MessageListService } from './message-list.service';

const MESSAGE = new GmailIdPipe('message', 64);
const ATTACHMENT = new GmailIdPipe('attachment', 2_000);

@ApiTags('Mail')
@ApiBearerAuth()
@Controller('v1/mailboxes/:id')
export class MailController {
  constructor(
    private readonly reader: MailReaderService,
    private readonly lists: MessageListService,
    private readonly changes: MessageLabelsService,
  ) {}

  @Get('messages')
  @ApiListMessages()
  messages(
    @Param('id', MailboxIdPipe) id: string,
    @Query() query: ListMessagesQuery,
    @ClientGone() gone: AbortSignal,
  ): Promise<MessagePageDto> {
    return this.lists.list(id, query, gone);
  }

  @Post('messages/:messageId/modify')
  @HttpCode(200)
  @ApiModifyMessage()
  modify(
    @Param('id', MailboxIdPipe) id: string,
    @Param('messageId', MESSAGE) messageId: string,
    @Body() labels: ModifyMessageDto,
  ): Promise<ModifiedMessageDto> {
    return this.changes.modify(id, messageId, labels);
  }

  @Get('messages/:messageId')
  @Header('cache-control', 'private, no-store')
  @ApiGetMessage()
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
  @ApiGetAttachment()
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
  @ApiListLabels()
  async labels(
    @Param('id', MailboxIdPipe) id: string,
    @ClientGone() gone: AbortSignal,
  ): Promise<LabelPageDto> {
    return { data: await this.reader.labels(id, gone), nextCursor: null };
  }
}
