import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class HealthCheck {
  @ApiProperty({ enum: ['up', 'degraded', 'down'] })
  status!: 'up' | 'degraded' | 'down';

  @ApiPropertyOptional({ description: 'What is wrong, and what to do about it' })
  detail?: string;
}

export class Readiness {
  @ApiProperty({ enum: ['ok', 'degraded', 'unavailable'] })
  status!: 'ok' | 'degraded' | 'unavailable';

  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/HealthCheck' } })
  checks!: Record<'database' | 'migrations' | 'jobs' | 'watches' | 'encryption', HealthCheck>;
}
