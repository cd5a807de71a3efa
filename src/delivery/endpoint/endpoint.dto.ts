import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { EVENT_TYPES, type EventType } from '../../event/event.types';
import {
  ENDPOINT_STATUSES,
  type Endpoint,
  type EndpointStatus,
  ORDERINGS,
  type Ordering,
  type RegisterEndpoint,
} from './endpoint.types';
import { MayBeLeftOut } from './may-be-left-out';

/** `null` is written for "all" as often as an empty list; each value counts once. */
const NullMeansAll = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }): unknown => {
    if (value === null) return [];
    return Array.isArray(value) ? [...new Set<unknown>(value)] : value;
  });

/** PostgreSQL's text holds every character but NUL. */
const STORABLE = /^[^\0]*$/;

/** Without defaults: the partial form, of a change, would inherit them and reset what it leaves out. */
export class CreateEndpointDto implements RegisterEndpoint {
  @ApiProperty({
    example: 'https://app.example.com/inboxwire',
    description: 'http or https, on a public address unless `ALLOW_PRIVATE_ENDPOINTS` is set',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_048)
  @Matches(STORABLE)
  url!: string;

  @ApiPropertyOptional({ enum: EVENT_TYPES, isArray: true, nullable: true, description: 'Empty: all' })
  @NullMeansAll()
  @MayBeLeftOut()
  @IsArray()
  @IsIn(EVENT_TYPES, { each: true })
  eventTypes?: EventType[];

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'Empty: all, also those to come' })
  @NullMeansAll()
  @MayBeLeftOut()
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
      '`mailbox`: each mailbox’s events in `sequence` order, a failing one holds up those after it until it is delivered or dead. `none`: a failing one is set aside for its retries',
  })
  @MayBeLeftOut()
  @IsIn(ORDERINGS)
  ordering?: Ordering;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  @Matches(STORABLE)
  description?: string | null;
}

export class ChangeEndpointDto extends PartialType(CreateEndpointDto, { skipNullProperties: false }) {
  @ApiPropertyOptional({
    enum: ENDPOINT_STATUSES,
    description: '`disabled` pauses: enabled again, it goes on where it stopped',
  })
  @MayBeLeftOut()
  @IsIn(ENDPOINT_STATUSES)
  status?: EndpointStatus;
}

export class EndpointDto implements Endpoint {
  @ApiProperty({ example: 'end_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({ example: 'https://app.example.com/inboxwire' })
  url!: string;

  @ApiProperty({ enum: EVENT_TYPES, isArray: true, description: 'Empty: all' })
  eventTypes!: EventType[];

  @ApiProperty({ type: [String], description: 'Empty: all' })
  mailboxIds!: string[];

  @ApiProperty({ enum: ORDERINGS })
  ordering!: Ordering;

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ enum: ENDPOINT_STATUSES })
  status!: EndpointStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why Inboxwire disabled it; null when the operator did',
  })
  disabledReason!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

export class CreatedEndpointDto extends EndpointDto {
  @ApiProperty({
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    description: 'Verifies signatures (standardwebhooks.com). Shown once',
  })
  secret!: string;
}

export class EndpointPageDto {
  @ApiProperty({ type: [EndpointDto] })
  data!: EndpointDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
