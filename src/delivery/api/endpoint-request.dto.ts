import { ApiProperty, ApiPropertyOptional, ApiSchema, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { EXAMPLE_ID } from '../../http/problem';
import { EVENT_TYPES, type EventType } from '../../event/event.types';
import {
  ENDPOINT_STATUSES,
  type EndpointStatus,
  type Ordering,
  ORDERINGS,
  type RegisterEndpoint,
} from '../endpoint/endpoint.types';
import type { EventFilter } from '../filter/event-filter';
import { IsOptionalNotNull } from '../../http/validation';
import { EXAMPLE_FILTER } from './endpoint.dto';

/** `null` is written for "all" as often as an empty list; each value counts once. */
const NullMeansAll = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }): unknown => {
    if (value === null) return [];
    return Array.isArray(value) ? [...new Set<unknown>(value)] : value;
  });

/** Keys of an object that anybody may choose: nothing is made of them on the way. */
const AsGiven = (): PropertyDecorator =>
  Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);

/** PostgreSQL's text holds every character but NUL. */
const STORABLE = /^[^\0]*$/;

/** Without defaults: the partial form, of a change, would inherit them and reset what it leaves out. */
@ApiSchema({ name: 'CreateEndpointRequest' })
export class CreateEndpointDto implements RegisterEndpoint {
  @ApiProperty({
    format: 'uri',
    maxLength: 2_048,
    example: 'https://app.example.com/inboxwire',
    description:
      'http or https, on a public address unless `ALLOW_PRIVATE_ENDPOINTS` is set; or `pubsub://projects/P/topics/T`: events are published to that topic',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_048)
  @Matches(STORABLE)
  url!: string;

  @ApiPropertyOptional({
    enum: EVENT_TYPES,
    isArray: true,
    nullable: true,
    example: ['message.added', 'message.deleted'],
    description: 'Empty or null: all',
  })
  @NullMeansAll()
  @IsOptionalNotNull()
  @IsArray()
  @IsIn(EVENT_TYPES, { each: true })
  eventTypes?: EventType[];

  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    maxItems: 10_000,
    example: [EXAMPLE_ID.mailbox],
    description: 'Ids of mailboxes that exist. Empty or null: all, also those to come',
  })
  @NullMeansAll()
  @IsOptionalNotNull()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  @Matches(STORABLE, { each: true })
  mailboxIds?: string[];

  @ApiPropertyOptional({
    enum: ORDERINGS,
    default: 'mailbox',
    description:
      '`mailbox`: each mailbox’s events in `sequence` order, a failing one holds up those after it until it is delivered or dead. `none`: a failing one is parked for its retries',
  })
  @IsOptionalNotNull()
  @IsIn(ORDERINGS)
  ordering?: Ordering;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 1_000,
    example: 'CRM, production',
    description: 'For you',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  @Matches(STORABLE)
  description?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1, maxLength: 4_096 },
    nullable: true,
    maxProperties: 20,
    example: { authorization: 'Bearer 2f6c1e' },
    description:
      'Sent with every request, for a receiver with an authentication of its own. Kept encrypted; null: none. What is given replaces all of them. Not for a topic',
  })
  @AsGiven()
  @IsOptional()
  @IsObject()
  headers?: Record<string, string> | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: EXAMPLE_FILTER,
    description:
      'Conditions on the event, an object of its shape: values, nested objects, and `$eq $neq $gt $gte $lt $lte $in $nin $exist $startsWith $endsWith $and $or $not`. An event that does not match is passed over. At most 4 KiB, 8 levels and 50 conditions; null: none',
  })
  @AsGiven()
  @IsOptional()
  @IsObject()
  filter?: EventFilter | null;

  @ApiPropertyOptional({
    type: 'number',
    minimum: 0.1,
    maximum: 1_000,
    nullable: true,
    example: 5,
    description: 'Attempts a second at most, over all replicas together; null: unlimited',
  })
  @IsOptional()
  @IsNumber({}, { message: 'must be a number from 0.1 to 1000, or null' })
  @Min(0.1)
  @Max(1_000)
  rateLimit?: number | null;
}

@ApiSchema({ name: 'UpdateEndpointRequest', description: 'What is left out stays as it is' })
export class ChangeEndpointDto extends PartialType(CreateEndpointDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({
    enum: ENDPOINT_STATUSES,
    description: '`disabled` pauses: enabled again, it goes on where it stopped',
  })
  @IsOptionalNotNull()
  @IsIn(ENDPOINT_STATUSES)
  status?: EndpointStatus;
}
