import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/http/api-problems';
import { EXAMPLE_ID } from '../common/http/example-ids';
import { NotFoundError } from '../common/inboxwire.error';
import { CURSOR_EXPIRED } from './event.problems';
import { EventDto, EventPageDto, ListEventsQuery } from './event.dto';
import { type EventPage, EventReaderService } from './event-reader.service';
import type { InboxwireEvent } from './event.types';

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventReaderService) {}

  @Get()
  @ApiOperation({ operationId: 'listEvents', summary: 'List events, oldest first' })
  @ApiOkResponse({ type: EventPageDto })
  @ApiProblems(CURSOR_EXPIRED)
  list(@Query() { after, limit, mailboxId, types }: ListEventsQuery): Promise<EventPage> {
    return this.events.list(after, { mailboxId, types }, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getEvent', summary: 'Get one event' })
  @ApiOkResponse({ type: EventDto })
  @ApiProblems(new NotFoundError('event', EXAMPLE_ID.event))
  @ApiParam({ name: 'id', description: 'The id of an event', example: 'evt_01h455vb4pex5vsknk084sn02q' })
  get(@Param('id') id: string): Promise<InboxwireEvent> {
    return this.events.get(id);
  }
}
