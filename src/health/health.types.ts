import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class HealthCheck {
  @ApiProperty({ enum: ['up', 'degraded', 'down'] })
  status!: 'up' | 'degraded' | 'down';

  @ApiPropertyOptional({ description: 'What is wrong, and what to do about it; or what can be done now' })
  detail?: string;
}

export const UP: HealthCheck = { status: 'up' };

export class HealthChecks {
  @ApiProperty({ type: HealthCheck, description: 'Whether it takes writes' })
  database!: HealthCheck;

  @ApiProperty({ type: HealthCheck, description: 'Whether the schema is that of this version' })
  migrations!: HealthCheck;

  @ApiProperty({ type: HealthCheck, description: 'Whether this process polls for work' })
  jobs!: HealthCheck;

  @ApiProperty({ type: HealthCheck, description: 'Whether any watch is overdue: `degraded` at the worst' })
  watches!: HealthCheck;

  @ApiProperty({
    type: HealthCheck,
    description:
      'Whether events are shown: `degraded` once a transaction of another session has kept them from it for 15 s. Names its process id',
  })
  eventLog!: HealthCheck;

  @ApiProperty({ type: HealthCheck, description: 'Whether all secrets can be read: `degraded` at the worst' })
  encryption!: HealthCheck;

  @ApiPropertyOptional({
    type: HealthCheck,
    description:
      'With `PUBSUB_DELIVERY=pull`: whether the subscription is being read. `degraded` at the worst',
  })
  pubsub?: HealthCheck;
}

export class Readiness {
  @ApiProperty({ enum: ['ok', 'degraded', 'unavailable'] })
  status!: 'ok' | 'degraded' | 'unavailable';

  @ApiProperty({ type: HealthChecks })
  checks!: HealthChecks;
}

export class Liveness {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Which installation this is: the same for all replicas on one database. Null until the database was reached',
  })
  installation!: string | null;
}
