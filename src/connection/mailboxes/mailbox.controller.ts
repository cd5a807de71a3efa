import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Page } from '../../http/page';
import { MailboxIdPipe } from '../../mailbox/mailbox-id.pipe';
import { ConnectionService } from './connection.service';
import { LabelFilterDto } from '../label-filter.dto';
import type { MailboxView } from './mailbox-view.service';
import { EndMailboxQuery, ListMailboxesQuery, UpdateMailboxDto } from './mailbox.dto';
import {
  ApiDisconnectMailbox,
  ApiGetMailbox,
  ApiListMailboxes,
  ApiStartWatch,
  ApiStopWatch,
  ApiSyncMailbox,
  ApiUpdateMailbox,
} from './mailbox.openapi';

@ApiTags('Mailboxes')
@ApiBearerAuth()
@Controller('v1/mailboxes')
export class MailboxController {
  constructor(private readonly connection: ConnectionService) {}

  @Get()
  @ApiListMailboxes()
  list(@Query() { limit, cursor, ...filter }: ListMailboxesQuery): Promise<Page<MailboxView>> {
    return this.connection.list(filter, cursor, limit);
  }

  @Get(':id')
  @ApiGetMailbox()
  get(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.get(id);
  }

  @Patch(':id')
  @ApiUpdateMailbox()
  update(
    @Param('id', MailboxIdPipe) id: string,
    @Body() { externalId }: UpdateMailboxDto,
  ): Promise<MailboxView> {
    return this.connection.setExternalId(id, externalId);
  }

  @Put(':id/watch')
  @ApiStartWatch()
  startWatch(@Param('id', MailboxIdPipe) id: string, @Body() filter: LabelFilterDto): Promise<MailboxView> {
    const { labelIds = [], labelFilterBehavior = 'include' } = filter;
    return this.connection.startWatch(id, { labelIds, labelFilterBehavior });
  }

  @Delete(':id/watch')
  @ApiStopWatch()
  stopWatch(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.stopWatch(id);
  }

  @Post(':id/sync')
  @HttpCode(202)
  @ApiSyncMailbox()
  sync(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.requestSync(id);
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiDisconnectMailbox()
  disconnect(
    @Param('id', MailboxIdPipe) id: string,
    @Query() { erase }: EndMailboxQuery,
  ): Promise<MailboxView> {
    return erase === 'true' ? this.connection.erase(id) : this.connection.disconnect(id);
  }
}
