import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, ValidateBy } from 'class-validator';
import { IsTime } from '../../http/is-time';
import { LimitQuery } from '../../http/page';
import { EXAMPLE_ID } from '../../http/problem';
import { EVENT_TYPES, type EventType, type InboxwireEvent } from '../event.types';
import { reference } from '../schema/schema';

/** Ids are opaque to those who send them: what has the prefix is looked up, and may have left the log. */
const EVENT_ID = /^evt_\w{1,64}$/;

export const isEventId = (value: unknown): value is string =>
  typeof value === 'string' && EVENT_ID.test(value);

export const EVENT_ID_WANTED = 'must be an event id, such as evt_01h455vb4pex5vsknk084sn02q';

const IsEventId = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isEventId',
      validator: { validate: isEventId },
    },
    { message: EVENT_ID_WANTED },
  );

/** Which events, and from where. */
export class EventsQuery {
  @ApiPropertyOptional({
    pattern: EVENT_ID.source,
    example: EXAMPLE_ID.event,
    description: 'An event id: what comes after it in the order of the list',
  })
  @IsOptional()
  @IsEventId()
  after?: string;

  @ApiPropertyOptional({
    description: 'Events of this mailbox only, which must exist',
    example: EXAMPLE_ID.mailbox,
  })
  @IsOptional()
  @IsString()
  mailboxId?: string;

  @ApiPropertyOptional({
    enum: EVENT_TYPES,
    isArray: true,
    description: 'Events of these types only, comma separated',
    example: ['message.added', 'message.deleted'],
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(EVENT_TYPES, { each: true })
  types?: EventType[];
}

export class ListEventsQuery extends IntersectionType(EventsQuery, LimitQuery) {
  @ApiPropertyOptional({
    enum: ['asc', 'desc'],
    default: 'asc',
    description: '`desc`: the newest first. `after` then means what is older than that event',
  })
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-11-22T09:00:00Z',
    description: 'Events that were appended then or later (`occurredAt`)',
  })
  @IsOptional()
  @IsTime()
  since?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-11-22T10:00:00Z',
    description: 'Events that were appended before then',
  })
  @IsOptional()
  @IsTime()
  until?: string;
}

/** What an event is, `schema/` says: one schema for each type. */
@ApiSchema({ name: 'EventPage' })
export class EventPageDto {
  @ApiProperty({ type: 'array', items: reference('Event'), description: 'In the order of the log' })
  data!: InboxwireEvent[];

  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_ID.event,
    description:
      'Pass it as `after`, also to wait for more: the last event of the page, or of those that the filter left out; null when the log is empty, and with `desc` when nothing older is left',
  })
  nextCursor!: string | null;
}
