import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { IsTime } from '../http/is-time';
import { IsOptionalNotNull } from '../http/validation';

@ApiSchema({ name: 'BackfillRequest' })
export class BackfillDto {
  @ApiProperty({
    format: 'date-time',
    example: '2026-11-01T00:00:00Z',
    description:
      'Messages that arrived since then are reported. At most `EVENT_RETENTION` back, unless `force` is true',
  })
  @IsTime()
  since!: string;

  @ApiPropertyOptional({ default: false, description: 'Any time in the past is allowed' })
  @IsOptionalNotNull()
  @IsBoolean()
  force?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Only the estimate: nothing is done' })
  @IsOptionalNotNull()
  @IsBoolean()
  dryRun?: boolean;
}

@ApiSchema({
  name: 'BackfillEstimate',
  description: 'What a backfill reads, by the estimate of Gmail, which can be far off',
})
export class BackfillEstimateDto {
  @ApiProperty({ type: 'integer', example: 214 })
  messages!: number;

  @ApiProperty({ type: 'integer', example: 4_295, description: "Of Gmail's quota" })
  units!: number;

  @ApiProperty({
    type: 'integer',
    example: 54,
    description: 'At the share of the budget of the mailbox that is left to backfills',
  })
  seconds!: number;
}

@ApiSchema({ name: 'Backfill' })
export class BackfillResponseDto {
  @ApiProperty({ type: BackfillEstimateDto })
  backfill!: BackfillEstimateDto;
}
