import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import type { LabelFilterBehavior } from '../config/settings';
import { IsPlainText } from '../common/http/is-plain-text';

export class LabelFilterDto {
  @ApiPropertyOptional({ type: [String], example: ['INBOX'], description: 'No labels: every change counts' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsPlainText(225, { each: true })
  labelIds?: string[];

  @ApiPropertyOptional({ enum: ['include', 'exclude'] })
  @IsOptional()
  @IsIn(['include', 'exclude'])
  labelFilterBehavior?: LabelFilterBehavior;
}
