import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../common/http/problem';
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
  @ApiResponse({
    status: 400,
    type: Problem,
    description: '`after` is no event id, or another parameter is not valid',
  })
  @ApiResponse({
    status: 410,
    type: Problem,
    description: '`cursor_expired`: `after` is older than the retention',
  })
  list(@Query() { after, limit, mailboxId, types }: ListEventsQuery): Promise<EventPage> {
    return this.events.list(after, { mailboxId, types }, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getEvent', summary: 'Get one event' })
  @ApiOkResponse({ type: EventDto })
  @ApiResponse({ status: 404, type: Problem })
  @ApiParam({ name: 'id', description: 'The id of an event', example: 'evt_01h455vb4pex5vsknk084sn02q' })
  get(@Param('id') id: string): Promise<InboxwireEvent> {
    return this.events.get(id);
  }
}
