import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { NotFoundError } from '../../common/inboxwire.error';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { CursorExpiredError } from '../event.errors';
import { LOGGED_EVENTS } from '../schema/event-schemas';
import { reference } from '../schema/schema';
import { EventPageDto } from './event.dto';

/** What a reader of the log can be answered with. */
export const CURSOR_EXPIRED = new CursorExpiredError('evt_01h3z9c7jaf3c8rkhq5mn2wabc', EXAMPLE_ID.event);

const [ADDED] = Object.values(LOGGED_EVENTS['message.added'].examples);
const PAGE: EventPageDto = { data: [ADDED!], nextCursor: ADDED!.id };

export const DescribeListEvents = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'listEvents',
      summary: 'List events, oldest first, or newest first',
      description:
        'A page ends early, after 16 MiB, or after 10,000 events that the filter left out, whatever its `limit`: `nextCursor` goes ' +
        'on where it ended. An `after` that is not shown yet stands for the last event shown before it.',
    }),
    ApiOkResponse({ type: EventPageDto, description: 'A page of the log', example: PAGE }),
    ApiProblems(CURSOR_EXPIRED),
  );

export const DescribeGetEvent = () =>
  applyDecorators(
    ApiOperation({ operationId: 'getEvent', summary: 'Get one event' }),
    ApiOkResponse({ schema: reference('Event'), description: 'The event', example: ADDED }),
    ApiId('event', EXAMPLE_ID.event),
    ApiProblems(new NotFoundError('event', EXAMPLE_ID.event)),
  );

export const DescribeStreamEvents = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'streamEvents',
      summary: 'Follow the log as server-sent events',
      description:
        'Every event of the list, in its order, each as `id:` and `data:` without an `event:` field. Begins after ' +
        '`Last-Event-ID` or `after`, else with the next event, and says first after which one that is. A comment ' +
        'comes every 15 s.',
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The last event received: the stream goes on after it. Counts more than `after`',
      schema: { type: 'string' },
      example: EXAMPLE_ID.event,
    }),
    ApiProduces('text/event-stream'),
    ApiOkResponse({
      description: 'Each `data:` is an event, and its `id:` is where to resume',
      schema: reference('Event'),
    }),
    ApiProblems(CURSOR_EXPIRED),
  );
