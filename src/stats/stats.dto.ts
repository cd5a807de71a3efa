import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsTime } from '../http/is-time';
import { IsOptionalNotNull } from '../http/validation';
import { STEP_NAMES, type StepName } from './steps';

/** Which period, in which steps. */
export class StatsQuery {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    example: '2026-11-22T08:00:00Z',
    description:
      'Where to begin, rounded down to a step. Left out: an hour of minutes, a day of `5m`, a week of `1h`, 30 days of `1d`',
  })
  @IsOptionalNotNull()
  @IsTime()
  from?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    example: '2026-11-22T09:00:00Z',
    description: 'Where to end: a step that begins then is left out. Left out: now',
  })
  @IsOptionalNotNull()
  @IsTime()
  to?: string;

  @ApiPropertyOptional({ enum: STEP_NAMES, default: '1m', description: 'How long a step is' })
  @IsOptionalNotNull()
  @IsIn(STEP_NAMES)
  step: StepName = '1m';
}

const whole = (description: string): PropertyDecorator =>
  ApiProperty({ type: 'integer', minimum: 0, description });

const milliseconds = (description: string): PropertyDecorator =>
  ApiProperty({ type: 'integer', nullable: true, minimum: 0, description });

@ApiSchema({ name: 'StatsLatency' })
export class StatsLatency {
  @milliseconds('Half of the deliveries took no longer; null without deliveries')
  p50!: number | null;

  @milliseconds('99 of 100 deliveries took no longer; null without deliveries')
  p99!: number | null;
}

@ApiSchema({ name: 'StatsStep', description: 'What was done in one step, by all replicas together' })
export class StatsStep {
  @ApiProperty({ format: 'date-time', description: 'When the step begins' })
  at!: string;

  @whole('Pushes that were answered 204')
  pushes!: number;

  @whole('Events of messages that were appended to the log')
  changes!: number;

  @whole('Deliveries that succeeded')
  deliveries!: number;

  @whole('Attempts of deliveries that failed')
  failures!: number;

  @ApiProperty({
    description: 'From the append of an event to the success of its delivery, rounded up by 9 % at most',
  })
  latencyMs!: StatsLatency;

  @whole('Quota units that Gmail charged')
  units!: number;
}
