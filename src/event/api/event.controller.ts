import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { InboxwireEvent } from '../event.types';
import { type EventPage, EventReaderService } from '../log/event-reader.service';
import { EventViewService } from '../log/event-view.service';
import { ListEventsQuery } from './event.dto';
import { DescribeGetEvent, DescribeListEvents } from './event.openapi';

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events')
export class EventController {
  constructor(
    private readonly events: EventReaderService,
    private readonly views: EventViewService,
  ) {}

  @Get()
  @DescribeListEvents()
  list(@Query() query: ListEventsQuery): Promise<EventPage> {
    const { after, limit, mailboxId, types, order, since, until } = query;
    if (order === 'asc' && since === undefined && until === undefined)
      return this.events.list(after, { mailboxId, types }, limit);
    return this.views.list({ mailboxId, types, order, since, until }, after, limit);
  }

  @Get(':id')
  @DescribeGetEvent()
  get(@Param('id') id: string): Promise<InboxwireEvent> {
    return this.events.get(id);
  }
}
