import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, Matches } from 'class-validator';
import { Problem } from '../../http/problem';
import { IsPlainText } from '../../http/validation';
import { NewMailboxDto } from '../new-mailbox.dto';
import { MailboxDto } from '../mailboxes/mailbox.dto';

/** How many mailboxes one request may name. */
export const MAX_BULK = 500;

@ApiSchema({ name: 'CreateMailboxRequest' })
export class CreateMailboxDto extends NewMailboxDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 320,
    example: 'ada@example.com',
    description: 'The address of a user of the Google Workspace, or an alias of it',
  })
  @IsPlainText(320)
  @Matches(/^\s*[^\s@]+@[^\s@]+\s*$/, { message: 'must be an e-mail address, such as ada@example.com' })
  emailAddress!: string;
}

@ApiSchema({ name: 'CreateMailboxesRequest' })
export class CreateMailboxesDto {
  @ApiProperty({ type: [CreateMailboxDto], maxItems: MAX_BULK })
  @IsArray()
  @ArrayMaxSize(MAX_BULK)
  mailboxes!: unknown[];
}

@ApiSchema({ name: 'CreatedMailbox', description: 'What became of one mailbox of a list' })
export class CreatedMailboxDto {
  @ApiProperty({ type: String, nullable: true, example: 'ada@example.com', description: 'As it was given' })
  emailAddress!: string | null;

  @ApiProperty({
    type: 'integer',
    example: 201,
    description:
      'What it would have been answered alone: 201 when it is new, 200 when it is known, else that of the `error`',
  })
  status!: number;

  @ApiPropertyOptional({ type: MailboxDto, description: 'When it is connected' })
  mailbox?: MailboxDto;

  @ApiPropertyOptional({ type: Problem, description: 'When it is not' })
  error?: Problem;
}

@ApiSchema({ name: 'CreatedMailboxes' })
export class CreatedMailboxesDto {
  @ApiProperty({ type: [CreatedMailboxDto], description: 'In the order of the request' })
  data!: CreatedMailboxDto[];
}
