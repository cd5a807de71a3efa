import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, ValidateBy } from 'class-validator';
import { LimitQuery } from '../common/http/page';
import { EVENT_TYPES, type EventOrigin, type EventType } from './event.types';

/** Ids are opaque to those who send them: what bears the prefix is looked up, and may be in the log no more. */
export const isEventId = (value: unknown): value is string =>
  typeof value === 'string' && /^evt_\w{1,64}$/.test(value);

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
  @ApiPropertyOptional({ description: 'An event id: what was appended after it is returned' })
  @IsOptional()
  @IsEventId()
  after?: string;

  @ApiPropertyOptional({ description: 'Events of this mailbox only' })
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

@ApiSchema({ name: 'EventMailbox' })
export class EventMailboxDto {
  @ApiProperty({ example: 'mbx_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({ example: 'ada@example.com' })
  emailAddress!: string;

  @ApiProperty({ type: String, nullable: true })
  externalId!: string | null;
}

@ApiSchema({ name: 'Event' })
export class EventDto {
  @ApiProperty({ example: 'evt_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({ enum: EVENT_TYPES })
  type!: EventType;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Counts the events of a mailbox from 1, without holes; null for one of no mailbox',
  })
  sequence!: number | null;

  @ApiProperty({ format: 'date-time', description: 'When the event was appended' })
  occurredAt!: string;

  @ApiProperty({ enum: ['live', 'backfill'] })
  origin!: EventOrigin;

  @ApiProperty({ type: EventMailboxDto, nullable: true, description: 'Null for `endpoint.disabled`' })
  mailbox!: EventMailboxDto | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Depends on the type' })
  data!: unknown;
}

@ApiSchema({ name: 'EventPage' })
export class EventPageDto {
  @ApiProperty({ type: [EventDto] })
  data!: EventDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Pass it as `after`, also to wait for more' })
  nextCursor!: string | null;
}
