import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { IsTime } from '../../http/is-time';
import { EXAMPLE_ID } from '../../http/problem';
import { ApiNextCursor, PageQuery } from '../../http/page';
import { EVENT_TYPES } from '../../event/event.types';
import type { DeliveryFilter } from './delivery-list.store';
import {
  type Attempt,
  type Delivery,
  DELIVERY_STATUSES,
  type DeliveryStatus,
} from '../attempt/delivery.types';
import { IsOptionalNotNull } from '../../http/validation';

/** Ids are opaque to those who send them; what cannot be one at all is not looked up. */
const IsIdLike = (): PropertyDecorator =>
  Matches(/^[\x20-\x7e]{1,100}$/, { message: 'must be an id: text of 1 to 100 ASCII characters' });

const A_FILTER = { minLength: 1, maxLength: 100 } as const;

export class ListDeliveriesQuery extends PageQuery implements DeliveryFilter {
  @ApiPropertyOptional({
    ...A_FILTER,
    example: EXAMPLE_ID.endpoint,
    description: 'Those to this endpoint, which must exist',
  })
  @IsOptionalNotNull()
  @IsIdLike()
  endpointId?: string;

  @ApiPropertyOptional({
    ...A_FILTER,
    example: EXAMPLE_ID.mailbox,
    description: 'Those of this mailbox, which must exist',
  })
  @IsOptionalNotNull()
  @IsIdLike()
  mailboxId?: string;

  @ApiPropertyOptional({
    ...A_FILTER,
    example: EXAMPLE_ID.event,
    description: 'Those of this event: one in the log, or of which a delivery is kept',
  })
  @IsOptionalNotNull()
  @IsIdLike()
  eventId?: string;

  @ApiPropertyOptional({ enum: DELIVERY_STATUSES, description: 'Those in this status' })
  @IsOptionalNotNull()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;
}

@ApiSchema({ name: 'RecoverDeliveriesRequest' })
export class RecoverDto {
  @ApiPropertyOptional({
    format: 'date-time',
    example: '2026-11-22T09:00:00Z',
    description: 'Only deliveries of events that were appended at that time or later',
  })
  @IsOptionalNotNull()
  @IsTime()
  since?: string;
}

@ApiSchema({ name: 'DeliveryAttempt', description: 'One HTTP request of a delivery' })
export class AttemptDto implements Attempt {
  @ApiProperty({ format: 'date-time', description: 'When it began' })
  at!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What the receiver answered; null when there was no answer',
  })
  status!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null when the outcome is not known' })
  latencyMs!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it did not deliver' })
  error!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first kilobyte of the answer’s body' })
  response!: string | null;
}

@ApiSchema({ name: 'Delivery', description: 'The handing of one event to one endpoint' })
export class DeliveryDto implements Delivery {
  @ApiProperty({ example: EXAMPLE_ID.delivery })
  id!: string;

  @ApiProperty({ example: EXAMPLE_ID.endpoint })
  endpointId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for an event that belongs to no mailbox' })
  mailboxId!: string | null;

  @ApiProperty({ example: EXAMPLE_ID.event, description: 'It may have left the log' })
  eventId!: string;

  @ApiProperty({ enum: [...EVENT_TYPES, 'endpoint.events_missed'], example: 'message.added' })
  eventType!: string;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    description:
      '`pending`: it waits for its next attempt, or for its turn. `dead`: it has had its last attempt, or is no longer wanted',
  })
  status!: DeliveryStatus;

  @ApiProperty({ type: [AttemptDto], description: 'Oldest first; none while it has not had its turn' })
  attempts!: AttemptDto[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null when none is planned: it is settled, waits for its turn, or the endpoint is disabled',
  })
  nextAttemptAt!: string | null;
}

@ApiSchema({ name: 'DeliveryPage' })
export class DeliveryPageDto {
  @ApiProperty({ type: [DeliveryDto] })
  data!: DeliveryDto[];

  @ApiNextCursor()
  nextCursor!: string | null;
}
