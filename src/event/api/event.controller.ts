import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { InboxwireEvent } from '../event.types';
import { type EventPage, EventReaderService } from '../log/event-reader.service';
import { ListEventsQuery } from './event.dto';
import { DescribeGetEvent, DescribeListEvents } from './event.openapi';

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventReaderService) {}

  @Get()
  @DescribeListEvents()
  list(@Query() { after, limit, mailboxId, types }: ListEventsQuery): Promise<EventPage> {
    return this.events.list(after, { mailboxId, types }, limit);
  }

  @Get(':id')
  @DescribeGetEvent()
  get(@Param('id') id: string): Promise<InboxwireEvent> {
    return this.events.get(id);
  }
}
