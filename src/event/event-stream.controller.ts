import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problem } from '../common/http/problem';
import { InvalidValueError } from '../common/inboxwire.error';
import { EVENT_ID_WANTED, EventsQuery, isEventId } from './event.dto';
import { EventStreamService } from './event-stream.service';

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events/stream')
export class EventStreamController {
  constructor(private readonly streams: EventStreamService) {}

  @Get()
  @ApiOperation({
    operationId: 'streamEvents',
    summary: 'Follow the log as server-sent events',
    description:
      'Every event of the list, in its order, each as `id:` and `data:` without an `event:` field. Begins after ' +
      '`Last-Event-ID` or `after`, else with the next event, and says first after which one that is. A comment ' +
      'comes every 15 s.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last event received: the stream goes on after it. Counts more than `after`',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    schema: { type: 'string', example: ': connected\nretry: 1000\n\nid: evt_…\ndata: {…}\n\n' },
  })
  @ApiResponse({ status: 400, type: Problem, description: 'What is to be resumed from is no event id' })
  @ApiResponse({
    status: 410,
    type: Problem,
    description: '`cursor_expired`: what is to be resumed from is older than the retention',
  })
  stream(
    @Query() { after, mailboxId, types }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.open(eventId(lastEventId) ?? after, { mailboxId, types }, () => {
      reply.hijack();
      return reply.raw;
    });
  }
}

/** An EventSource that has not received anything yet sends none, or an empty one. */
function eventId(header: string | undefined): string | undefined {
  if (!header) return undefined;
  if (!isEventId(header)) throw new InvalidValueError('Last-Event-ID', EVENT_ID_WANTED);
  return header;
}
