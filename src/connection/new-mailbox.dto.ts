import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsPlainText } from '../http/validation';
import { LabelFilterDto } from './label-filter.dto';

/**
 * What a mailbox is connected with, whichever way it comes in. The label filter is that of its watch; left out, it stays as
 * it was, or is the default of the settings.
 */
export class NewMailboxDto extends LabelFilterDto {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 255,
    example: 'customer-4711',
    description: 'Your own name for the mailbox',
  })
  @IsOptional()
  @IsPlainText(255)
  externalId?: string;
}
