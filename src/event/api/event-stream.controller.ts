import { Controller, Get, Head, Headers, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvalidValueError } from '../../common/inboxwire.error';
import { EventStreamService } from '../stream/event-stream.service';
import { EVENT_ID_WANTED, EventsQuery, isEventId } from './event.dto';
import { DescribeStreamEvents } from './event.openapi';

@ApiTags('Events')
@ApiBearerAuth()
@Controller('v1/events/stream')
export class EventStreamController {
  constructor(private readonly streams: EventStreamService) {}

  /** Stands before the GET, whose HEAD would be a stream without an end. */
  @Head()
  @ApiExcludeEndpoint()
  async head(
    @Query() { after, mailboxId, types }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    void reply.headers(await this.streams.headers(eventId(lastEventId) ?? after, { mailboxId, types }));
  }

  @Get()
  @DescribeStreamEvents()
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
