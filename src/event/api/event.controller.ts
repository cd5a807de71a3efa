import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { NotFoundError } from '../../common/inboxwire.error';
import { CURSOR_EXPIRED } from './event.openapi';
import { EventPageDto, ListEventsQuery } from './event.dto';
import { type EventPage, EventReaderService } from '../log/event-reader.service';
import type { InboxwireEvent } from '../event.types';
import { LOGGED_EVENTS } from '../schema/event-schemas';
import { reference } from '../schema/schema';

const [ADDED] = Object.values(LOGGED_EVENTS['message.added'].examples);
const PAGE: EventPageDto = { data: [ADDED!], nextCursor: ADDED!.id };

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events')
export class EventController {
  constructor(private readonly events: EventReaderService) {}

  @Get()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List events, oldest first',
    description:
      'A page ends early, after 16 MiB, whatever its `limit`: `nextCursor` goes on where it ended.',
  })
  @ApiOkResponse({ type: EventPageDto, description: 'A page of the log', example: PAGE })
  @ApiProblems(CURSOR_EXPIRED)
  list(@Query() { after, limit, mailboxId, types }: ListEventsQuery): Promise<EventPage> {
    return this.events.list(after, { mailboxId, types }, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getEvent', summary: 'Get one event' })
  @ApiOkResponse({ schema: reference('Event'), description: 'The event', example: ADDED })
  @ApiId('event', EXAMPLE_ID.event)
  @ApiProblems(new NotFoundError('event', EXAMPLE_ID.event))
  get(@Param('id') id: string): Promise<InboxwireEvent> {
    return this.events.get(id);
  }
}
