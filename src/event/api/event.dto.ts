import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, ValidateBy } from 'class-validator';
import { LimitQuery } from '../../http/page';
import { EXAMPLE_ID } from '../../http/problem';
import { EVENT_TYPES, type EventType, type InboxwireEvent } from '../event.types';
import { reference } from '../schema/schema';

/** Ids are opaque to those who send them: what bears the prefix is looked up, and may be in the log no more. */
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
    description: 'An event id: what was appended after it is returned',
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

export class ListEventsQuery extends IntersectionType(EventsQuery, LimitQuery) {}

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
      'Pass it as `after`, also to wait for more: the last event of the page, or of those that the filter left out; null when the log is empty',
  })
  nextCursor!: string | null;
}
