import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn } from 'class-validator';
import type { LabelFilterBehavior } from '../config/settings';
import { IsOptionalOrNull, IsPlainText, IsWithoutRepetitions } from '../http/validation';

@ApiSchema({ name: 'LabelFilter' })
export class LabelFilterDto {
  @ApiPropertyOptional({
    type: [String],
    maxItems: 100,
    uniqueItems: true,
    example: ['INBOX'],
    description: 'No labels: every change counts',
  })
  @IsOptionalOrNull()
  @IsArray()
  @ArrayMaxSize(100)
  @IsWithoutRepetitions()
  @IsPlainText(225, { each: true })
  labelIds?: string[];

  @ApiPropertyOptional({
    enum: ['include', 'exclude'],
    description: 'Whether changes of messages with these labels count, or all others',
  })
  @IsOptionalOrNull()
  @IsIn(['include', 'exclude'])
  labelFilterBehavior?: LabelFilterBehavior;
}
