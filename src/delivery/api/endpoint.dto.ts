import { ApiProperty, ApiSchema } from '@nestjs/swagger';
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
} from '../endpoint/endpoint.types';
import type { EventFilter } from '../filter/event-filter';

export const EXAMPLE_FILTER: EventFilter = {
  data: { labelIds: 'IMPORTANT', message: { from: { address: { $endsWith: '@example.com' } } } },
};

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

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    example: { authorization: '***' },
    description: 'Their names; values are never shown',
  })
  headers!: Record<string, string> | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: EXAMPLE_FILTER })
  filter!: EventFilter | null;

  @ApiProperty({
    type: 'number',
    nullable: true,
    example: 5,
    description: 'Attempts a second; null: unlimited',
  })
  rateLimit!: number | null;

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
