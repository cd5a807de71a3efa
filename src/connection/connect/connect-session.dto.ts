import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { EXAMPLE_ID } from '../../http/problem';
import { IsOptionalOrNull, IsPlainText } from '../../http/validation';
import { IsWebUrl } from '../../http/is-web-url';
import { LastErrorDto } from '../last-error.dto';
import { NewMailboxDto } from '../new-mailbox.dto';
import type { ConnectSessionLife } from './connect-session.types';

@ApiSchema({ name: 'CreateConnectSessionRequest' })
export class CreateConnectSessionDto extends NewMailboxDto {
  @ApiPropertyOptional({
    format: 'uri',
    maxLength: 2_000,
    example: 'https://app.example.com/connected',
    description:
      'Where the owner is sent in the end, with `mailboxId` or `error`, and `signature`, added. Left out: a page',
  })
  @IsOptionalOrNull()
  @IsWebUrl()
  redirectUrl?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description: 'The address that Google suggests to the owner',
  })
  @IsOptionalOrNull()
  @IsPlainText(320)
  loginHint?: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description:
      'The session connects this address, or one of an alias domain, and no other: another one ends as `account_mismatch`',
  })
  @IsOptionalOrNull()
  @IsPlainText(320)
  @Matches(/^\s*[^\s@]+@[^\s@]+\s*$/, { message: 'must be an e-mail address, such as ada@example.com' })
  expectedEmailAddress?: string;

  @ApiPropertyOptional({
    example: EXAMPLE_ID.mailbox,
    description:
      'The session connects this mailbox again and no other: another account ends as `account_mismatch`',
  })
  @IsOptionalOrNull()
  @IsPlainText(255)
  mailboxId?: string;
}

@ApiSchema({ name: 'NewConnectSession' })
export class NewConnectSessionDto {
  @ApiProperty({ example: EXAMPLE_ID.connectSession })
  id!: string;

  @ApiProperty({
    format: 'uri',
    description: 'Send the mailbox owner there. Good until it has led to a mailbox',
  })
  url!: string;

  @ApiProperty({
    example: 'cnssec_V4dQ0mDk3wq6mJ0u7oYk5mZ2QyZ0o9d8c1rT2bXlGxA',
    description:
      'Shown once. The redirect to `redirectUrl` ends with `signature`: HMAC-SHA256 in hex, with this text as the key, over `mailboxId=…` or `error=…` as it stands in the URL',
  })
  secret!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}

@ApiSchema({ name: 'ConnectSession', description: 'What has become of a link' })
export class ConnectSessionDto {
  @ApiProperty({ example: EXAMPLE_ID.connectSession })
  id!: string;

  @ApiProperty({
    enum: ['open', 'used', 'expired'],
    description: '`open`: an owner can still connect with it; `used`: it has led to a mailbox',
  })
  status!: ConnectSessionLife;

  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_ID.mailbox,
    description: 'The mailbox that it has led to; null until it is `used`',
  })
  mailboxId!: string | null;

  @ApiProperty({
    type: LastErrorDto,
    nullable: true,
    description:
      'How the last try failed, if one has. `code` is the `error` of the redirect. The owner can try again while the session is `open`',
  })
  lastError!: LastErrorDto | null;

  @ApiProperty({ type: String, nullable: true, example: 'customer-4711' })
  externalId!: string | null;

  @ApiProperty({
    type: String,
    format: 'uri',
    nullable: true,
    example: 'https://app.example.com/connected',
  })
  redirectUrl!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it led to the mailbox',
  })
  usedAt!: string | null;
}
