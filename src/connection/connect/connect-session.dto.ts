import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { EXAMPLE_ID } from '../../http/problem';
import { IsPlainText } from '../../http/validation';
import { IsWebUrl } from '../../http/is-web-url';
import { NewMailboxDto } from '../new-mailbox.dto';

@ApiSchema({ name: 'CreateConnectSessionRequest' })
export class CreateConnectSessionDto extends NewMailboxDto {
  @ApiPropertyOptional({
    format: 'uri',
    maxLength: 2_000,
    example: 'https://app.example.com/connected',
    description: 'Where the owner is sent in the end, with `mailboxId` or `error` added. Left out: a page',
  })
  @IsOptional()
  @IsWebUrl()
  redirectUrl?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description: 'The address that Google suggests to the owner',
  })
  @IsOptional()
  @IsPlainText(320)
  loginHint?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description:
      'The session connects this address, or one of an alias domain, and no other: another one ends as `account_mismatch`',
  })
  @IsOptional()
  @IsPlainText(320)
  @Matches(/^\s*[^\s@]+@[^\s@]+\s*$/, { message: 'must be an e-mail address, such as ada@example.com' })
  expectedEmailAddress?: string;

  @ApiPropertyOptional({
    example: EXAMPLE_ID.mailbox,
    description:
      'The session connects this mailbox again and no other: another account ends as `account_mismatch`',
  })
  @IsOptional()
  @IsPlainText(255)
  mailboxId?: string;
}

@ApiSchema({ name: 'ConnectSession' })
export class ConnectSessionDto {
  @ApiProperty({ example: EXAMPLE_ID.connectSession })
  id!: string;

  @ApiProperty({
    format: 'uri',
    description: 'Send the mailbox owner there. Good until it has led to a mailbox',
  })
  url!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}
