import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { InvalidValueError } from '../../common/inboxwire.error';
import { EVENT_ID_WANTED, EventsQuery, isEventId } from './event.dto';
import { CURSOR_EXPIRED } from './event.openapi';
import { EventStreamService } from '../stream/event-stream.service';
import { reference } from '../schema/schema';

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
    schema: { type: 'string' },
    example: EXAMPLE_ID.event,
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'Each `data:` is an event, and its `id:` is the place to resume from',
    schema: reference('Event'),
  })
  @ApiProblems(CURSOR_EXPIRED)
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
