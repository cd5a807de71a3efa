import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ClientGone } from '../http/client-gone';
import { MailboxIdPipe } from '../mailbox/mailbox-id.pipe';
import { BackfillApiService } from './backfill-api.service';
import { BackfillDto, type BackfillResponseDto } from './backfill.dto';
import { ApiBackfill } from './backfill.openapi';

@ApiTags('Mailboxes')
@ApiBearerAuth()
@Controller('v1/mailboxes/:id/backfill')
export class BackfillController {
  constructor(private readonly backfills: BackfillApiService) {}

  @Post()
  @ApiBackfill()
  async backfill(
    @Param('id', MailboxIdPipe) id: string,
    @Body() request: BackfillDto,
    @ClientGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BackfillResponseDto> {
    const backfill = await this.backfills.request(id, request, gone);
    void reply.status(request.dryRun ? 200 : 202);
    return { backfill };
  }
}
