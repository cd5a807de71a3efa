import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Page } from '../common/http/page';
import { Problem } from '../common/http/problem';
import { ConnectionService } from './connection.service';
import { LabelFilterDto } from './label-filter.dto';
import type { MailboxView } from './mailbox-view';
import { ListMailboxesQuery, MailboxDto, MailboxPageDto } from './mailbox.dto';
import { MailboxIdPipe } from '../mailbox/mailbox-id.pipe';

@ApiTags('Mailboxes')
@ApiBearerAuth()
@Controller('v1/mailboxes')
export class MailboxController {
  constructor(private readonly connection: ConnectionService) {}

  @Get()
  @ApiOperation({ operationId: 'listMailboxes', summary: 'List mailboxes, in the order of their creation' })
  @ApiOkResponse({ type: MailboxPageDto })
  @ApiResponse({ status: 400, type: Problem })
  list(@Query() { limit, cursor, ...filter }: ListMailboxesQuery): Promise<Page<MailboxView>> {
    return this.connection.list(filter, cursor, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getMailbox', summary: 'Get one mailbox, with its watch and sync state' })
  @ApiOkResponse({ type: MailboxDto })
  @ApiResponse({ status: 404, type: Problem })
  get(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.get(id);
  }

  @Put(':id/watch')
  @ApiOperation({
    operationId: 'startWatch',
    summary: 'Start the watch, or replace its filter. What is left out is no labels, and `include`',
  })
  @ApiOkResponse({ type: MailboxDto })
  @ApiResponse({ status: 404, type: Problem })
  @ApiResponse({ status: 409, type: Problem, description: '`mailbox_not_active`' })
  @ApiResponse({ status: 502, type: Problem, description: '`google_refused`' })
  startWatch(@Param('id', MailboxIdPipe) id: string, @Body() filter: LabelFilterDto): Promise<MailboxView> {
    const { labelIds, labelFilterBehavior } = filter;
    return this.connection.startWatch(id, {
      labelIds: labelIds ?? [],
      labelFilterBehavior: labelFilterBehavior ?? 'include',
    });
  }

  @Delete(':id/watch')
  @ApiOperation({ operationId: 'stopWatch', summary: 'Stop the watch and keep the grant' })
  @ApiOkResponse({ type: MailboxDto })
  @ApiResponse({ status: 404, type: Problem })
  @ApiResponse({ status: 409, type: Problem, description: '`mailbox_not_active`' })
  stopWatch(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.stopWatch(id);
  }

  @Post(':id/sync')
  @HttpCode(202)
  @ApiOperation({ operationId: 'syncMailbox', summary: 'Ask for a sync now' })
  @ApiAcceptedResponse({ type: MailboxDto })
  @ApiResponse({ status: 404, type: Problem })
  @ApiResponse({ status: 409, type: Problem, description: '`mailbox_not_active`' })
  sync(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.requestSync(id);
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'disconnectMailbox',
    summary: 'Disconnect: stop the watch, revoke the grant, erase the tokens',
  })
  @ApiAcceptedResponse({
    type: MailboxDto,
    description: 'It is `disconnecting`, and `disconnected` in the end',
  })
  @ApiResponse({ status: 404, type: Problem })
  disconnect(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.disconnect(id);
  }
}
