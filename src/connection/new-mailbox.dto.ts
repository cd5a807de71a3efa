import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsTime } from '../http/is-time';
import { IsOptionalOrNull, IsPlainText } from '../http/validation';
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
  @IsOptionalOrNull()
  @IsPlainText(255)
  externalId?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'What arrived since then is reported too, as after POST /v1/mailboxes/{id}/backfill. At most `EVENT_RETENTION` back',
  })
  @IsOptionalOrNull()
  @IsTime()
  backfillSince?: string;
}
