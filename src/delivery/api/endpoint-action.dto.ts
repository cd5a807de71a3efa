import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { IsOptionalNotNull } from '../../http/validation';
import type { TestResult } from './endpoint-test.service';

@ApiSchema({ name: 'RotateEndpointSecretRequest' })
export class RotateSecretDto {
  @ApiPropertyOptional({
    default: false,
    description: 'When five secrets sign already: ends the oldest of them now',
  })
  @IsOptionalNotNull()
  @IsBoolean()
  force?: boolean;
}

@ApiSchema({ name: 'EndpointTestResult' })
export class TestResultDto implements TestResult {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'What the receiver answered; null when there was no answer',
  })
  status!: number | null;

  @ApiProperty({ type: 'integer', description: 'How long it took' })
  latencyMs!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it was not delivered; null when the receiver answered 2xx',
  })
  error!: string | null;
}

@ApiSchema({ name: 'RecoveredDeliveries' })
export class RecoveredDto {
  @ApiProperty({
    type: 'integer',
    description:
      'How many deliveries are tried again, counted among the newest 10,000 pending and the newest 10,000 dead ones',
  })
  count!: number;
}
