import { ApiProperty, ApiPropertyOptional, ApiSchema, PartialType } from '@nestjs/swagger';
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
import { EXAMPLE_ID } from '../../http/problem';
import { ApiNextCursor } from '../../http/page';
import { EVENT_TYPES, type EventType } from '../../event/event.types';
import {
  type ChangedEndpoint,
  type Endpoint,
  ENDPOINT_STATUSES,
  ENDPOINT_WARNING_CODES,
  type EndpointStatus,
  type EndpointWarning,
  type Ordering,
  ORDERINGS,
  type RegisterEndpoint,
} from '../endpoint/endpoint.types';
import { IsOptionalNotNull } from '../../http/validation';

/** `null` is written for "all" as often as an empty list; each value counts once. */
const NullMeansAll = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }): unknown => {
    if (value === null) return [];
    return Array.isArray(value) ? [...new Set<unknown>(value)] : value;
  });

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

@ApiSchema({ name: 'Endpoint', description: 'A receiver URL' })
export class EndpointDto implements Endpoint {
  @ApiProperty({ example: EXAMPLE_ID.endpoint })
  id!: string;

  @ApiProperty({ format: 'uri', example: 'https://app.example.com/inboxwire' })
  url!: string;

  @ApiProperty({ enum: EVENT_TYPES, isArray: true, description: 'Empty: all' })
  eventTypes!: EventType[];

  @ApiProperty({ type: [String], description: 'Empty: all' })
  mailboxIds!: string[];

  @ApiProperty({ enum: ORDERINGS })
  ordering!: Ordering;

  @ApiProperty({ type: String, nullable: true, example: 'CRM, production' })
  description!: string | null;

  @ApiProperty({ enum: ENDPOINT_STATUSES, description: '`disabled`: nothing is delivered to it for now' })
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

@ApiSchema({ name: 'EndpointWarning', description: 'Something that is allowed and seldom meant' })
export class EndpointWarningDto implements EndpointWarning {
  @ApiProperty({
    enum: ENDPOINT_WARNING_CODES,
    description:
      '`duplicate_url`: another endpoint has the same URL. `plain_http`: events travel unencrypted to a public host',
  })
  code!: EndpointWarning['code'];

  @ApiProperty({ description: 'What follows from it, and what to do about it' })
  message!: string;
}

@ApiSchema({ name: 'EndpointWithWarnings', description: 'An endpoint as it is after a change' })
export class ChangedEndpointDto extends EndpointDto implements ChangedEndpoint {
  @ApiProperty({ type: [EndpointWarningDto], description: 'What is allowed and seldom meant; mostly empty' })
  warnings!: EndpointWarningDto[];
}

@ApiSchema({ name: 'EndpointWithSecret', description: 'An endpoint with its new signing secret' })
export class CreatedEndpointDto extends ChangedEndpointDto {
  @ApiProperty({
    example: 'whsec_2b7C0d9f8kq1mVw4Xz6Tn3Lr5Yp0Hs8Jg2Ua7Ec9Iwk=',
    description: 'Verifies signatures (standardwebhooks.com). Shown once',
  })
  secret!: string;
}

@ApiSchema({ name: 'EndpointPage' })
export class EndpointPageDto {
  @ApiProperty({ type: [EndpointDto] })
  data!: EndpointDto[];

  @ApiNextCursor()
  nextCursor!: string | null;
}
