import { ApiProperty } from '@nestjs/swagger';
import type { TestResult } from './endpoint/endpoint-test.service';

export class TestResultDto implements TestResult {
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null when there was no answer' })
  status!: number | null;

  @ApiProperty({ type: 'integer' })
  latencyMs!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null when the receiver answered 2xx' })
  error!: string | null;
}

export class RecoveredDto {
  @ApiProperty({ type: 'integer', description: 'How many deliveries are tried again' })
  count!: number;
}
