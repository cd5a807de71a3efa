import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { MailboxView } from '../mailboxes/mailbox-view.service';
import { type BulkItem, WorkspaceApiService } from './workspace-api.service';
import { CreateMailboxDto, CreateMailboxesDto } from './workspace.dto';
import { ApiCreateMailbox, ApiCreateMailboxes } from './workspace.openapi';

@ApiTags('Mailboxes')
@ApiBearerAuth()
@Controller('v1/mailboxes')
export class WorkspaceController {
  constructor(private readonly workspace: WorkspaceApiService) {}

  @Post()
  @ApiCreateMailbox()
  async create(
    @Body() wanted: CreateMailboxDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MailboxView> {
    const { mailbox, isNew } = await this.workspace.connect(wanted);
    void reply.status(isNew ? 201 : 200);
    return mailbox;
  }

  @Post('bulk')
  @HttpCode(200)
  @ApiCreateMailboxes()
  createMany(@Body() { mailboxes }: CreateMailboxesDto): Promise<{ data: BulkItem[] }> {
    return this.workspace.connectMany(mailboxes);
  }
}
