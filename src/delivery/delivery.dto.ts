import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsRFC3339, Matches } from 'class-validator';
import { PageQuery } from '../common/http/page';
import type { DeliveryFilter } from './delivery-list.store';
import { type Attempt, type Delivery, DELIVERY_STATUSES, type DeliveryStatus } from './delivery.types';
import { MayBeLeftOut } from './endpoint/may-be-left-out';

/** Ids are opaque to those who send them; what cannot be one at all is not looked up. */
const ID = /^[\x20-\x7e]{1,100}$/;

export class ListDeliveriesQuery extends PageQuery implements DeliveryFilter {
  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Matches(ID)
  endpointId?: string;

  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Matches(ID)
  mailboxId?: string;

  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Matches(ID)
  eventId?: string;

  @ApiPropertyOptional({ enum: DELIVERY_STATUSES })
  @MayBeLeftOut()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;
}

export class RecoverDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Only deliveries of events that were appended at that time or later',
  })
  @MayBeLeftOut()
  @IsRFC3339()
  since?: string;
}

export class AttemptDto implements Attempt {
  @ApiProperty({ format: 'date-time', description: 'When it began' })
  at!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null when there was no answer' })
  status!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Null when the outcome is not known' })
  latencyMs!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it did not deliver' })
  error!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The first kilobyte of the answer’s body' })
  response!: string | null;
}

export class DeliveryDto implements Delivery {
  @ApiProperty({ example: 'dlv_01h455vb4pex5vsknk084sn02q01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty()
  endpointId!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for an event that belongs to no mailbox' })
  mailboxId!: string | null;

  @ApiProperty()
  eventId!: string;

  @ApiProperty({ example: 'message.added' })
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

export class DeliveryPageDto {
  @ApiProperty({ type: [DeliveryDto] })
  data!: DeliveryDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
