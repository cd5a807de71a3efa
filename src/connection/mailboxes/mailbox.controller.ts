import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import type { Page } from '../../http/page';
import { MailboxIdPipe } from '../../mailbox/mailbox-id.pipe';
import { ConnectionService } from './connection.service';
import { LabelFilterDto } from '../label-filter.dto';
import type { MailboxView } from './mailbox-view.service';
import { ListMailboxesQuery, MailboxDto, MailboxPageDto } from './mailbox.dto';
import {
  DISCONNECTING_MAILBOX,
  MAILBOX,
  MAILBOX_NOT_ACTIVE,
  MAILBOX_NOT_FOUND,
  MAILBOX_PAGE,
  STOPPED_MAILBOX,
  WATCH_PROBLEMS,
} from './mailbox.openapi';

const ApiMailboxId = () => ApiId('mailbox', EXAMPLE_ID.mailbox);

@ApiTags('Mailboxes')
@ApiBearerAuth()
@Controller('v1/mailboxes')
export class MailboxController {
  constructor(private readonly connection: ConnectionService) {}

  @Get()
  @ApiOperation({ operationId: 'listMailboxes', summary: 'List mailboxes, in the order of their creation' })
  @ApiOkResponse({ type: MailboxPageDto, description: 'A page of mailboxes', example: MAILBOX_PAGE })
  list(@Query() { limit, cursor, ...filter }: ListMailboxesQuery): Promise<Page<MailboxView>> {
    return this.connection.list(filter, cursor, limit);
  }

  @Get(':id')
  @ApiMailboxId()
  @ApiOperation({ operationId: 'getMailbox', summary: 'Get one mailbox, with its watch and sync state' })
  @ApiOkResponse({ type: MailboxDto, description: 'The mailbox', example: MAILBOX })
  @ApiProblems(MAILBOX_NOT_FOUND)
  get(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.get(id);
  }

  @Put(':id/watch')
  @ApiMailboxId()
  @ApiOperation({
    operationId: 'startWatch',
    summary: 'Start the watch, or replace its filter',
    description: 'What is left out is no labels, which is to say that every change counts, and `include`.',
  })
  @ApiOkResponse({ type: MailboxDto, description: 'The mailbox with its new watch', example: MAILBOX })
  @ApiProblems(...WATCH_PROBLEMS)
  startWatch(@Param('id', MailboxIdPipe) id: string, @Body() filter: LabelFilterDto): Promise<MailboxView> {
    const { labelIds, labelFilterBehavior } = filter;
    return this.connection.startWatch(id, {
      labelIds: labelIds ?? [],
      labelFilterBehavior: labelFilterBehavior ?? 'include',
    });
  }

  @Delete(':id/watch')
  @ApiMailboxId()
  @ApiOperation({ operationId: 'stopWatch', summary: 'Stop the watch and keep the grant' })
  @ApiOkResponse({ type: MailboxDto, description: 'The mailbox without a watch', example: STOPPED_MAILBOX })
  @ApiProblems(...WATCH_PROBLEMS)
  stopWatch(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.stopWatch(id);
  }

  @Post(':id/sync')
  @HttpCode(202)
  @ApiMailboxId()
  @ApiOperation({
    operationId: 'syncMailbox',
    summary: 'Ask for a sync now',
    description: 'A wait that Google asked for is not shortened by it.',
  })
  @ApiAcceptedResponse({ type: MailboxDto, description: 'The sync will run', example: MAILBOX })
  @ApiProblems(MAILBOX_NOT_FOUND, MAILBOX_NOT_ACTIVE)
  sync(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.requestSync(id);
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiMailboxId()
  @ApiOperation({
    operationId: 'disconnectMailbox',
    summary: 'Disconnect: stop the watch, revoke the grant, erase the tokens',
    description: 'Each step is tried until it is done. The mailbox stays in the list.',
  })
  @ApiAcceptedResponse({
    type: MailboxDto,
    description: 'It is `disconnecting`, and `disconnected` in the end',
    example: DISCONNECTING_MAILBOX,
  })
  @ApiProblems(MAILBOX_NOT_FOUND)
  disconnect(@Param('id', MailboxIdPipe) id: string): Promise<MailboxView> {
    return this.connection.disconnect(id);
  }
}
