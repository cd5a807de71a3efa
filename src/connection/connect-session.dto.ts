import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsPlainText } from '../common/http/is-plain-text';
import { IsWebUrl } from './is-web-url';
import { LabelFilterDto } from './label-filter.dto';

/** The label filter is that of the mailbox's watch; left out, it stays as it was, or is the default of the settings. */
export class CreateConnectSessionDto extends LabelFilterDto {
  @ApiPropertyOptional({
    example: 'https://app.example.com/connected',
    description: 'Where the owner is sent in the end, with `mailboxId` or `error` added. Left out: a page',
  })
  @IsOptional()
  @IsWebUrl()
  redirectUrl?: string;

  @ApiPropertyOptional({ maxLength: 255, description: 'Your own name for the mailbox' })
  @IsOptional()
  @IsPlainText(255)
  externalId?: string;

  @ApiPropertyOptional({ description: 'The address that Google suggests to the owner' })
  @IsOptional()
  @IsPlainText(320)
  loginHint?: string;
}

export class ConnectSessionDto {
  @ApiProperty({ example: 'cns_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({
    format: 'uri',
    description: 'Send the mailbox owner there. Good until it has led to a mailbox',
  })
  url!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}
