import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { EXAMPLE_ID } from '../http/problem';

const FORMATS = ['metadata', 'full', 'raw'] as const;

export class MessageQuery {
  @ApiPropertyOptional({
    enum: FORMATS,
    default: 'full',
    description:
      '`full` has `text` and `html`, `metadata` has not, `raw` is the mail itself as `message/rfc822`. Each costs 20 quota units',
  })
  @IsOptional()
  @IsIn(FORMATS)
  format: (typeof FORMATS)[number] = 'full';
}

export class AttachmentQuery {
  @ApiPropertyOptional({
    maxLength: 2_000,
    example: 'contract.pdf',
    description: 'The `name` of the attachment: the answer proposes it as the file name',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  name?: string;

  @ApiPropertyOptional({
    maxLength: 2_000,
    description: 'The `type` of the attachment: the content type of the answer, unless it is no media type',
    example: 'application/pdf',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  type?: string;
}

@ApiSchema({ name: 'MailAddress' })
export class MailAddressDto {
  @ApiProperty({ example: 'Bob Example', description: 'Empty when there is none' })
  name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'bob@example.net',
    description: 'Never empty; null when the mail names somebody without an address',
  })
  address!: string | null;
}

@ApiSchema({ name: 'MessageAttachment' })
export class MessageAttachmentDto {
  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_ID.attachment,
    description: 'Null: only the raw mail has it',
  })
  id!: string | null;

  @ApiProperty({ example: 'contract.pdf' })
  name!: string;

  @ApiProperty({ example: 'application/pdf' })
  type!: string;

  @ApiProperty({ type: 'integer', description: 'Bytes' })
  size!: number;

  @ApiProperty({ description: 'Shown within the text, as pictures are' })
  inline!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'What `cid:` names in `html`; without angle brackets',
  })
  contentId!: string | null;
}

@ApiSchema({ name: 'MessageHeader' })
export class MessageHeaderDto {
  @ApiProperty({ example: 'In-Reply-To' })
  name!: string;

  @ApiProperty({ description: 'As Gmail has it: encoded words are not decoded' })
  value!: string;
}

@ApiSchema({ name: 'Message', description: 'A message as Gmail has it now' })
export class MessageDto {
  @ApiProperty({ example: EXAMPLE_ID.message })
  id!: string;

  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_ID.message })
  threadId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    pattern: '^\\d+$',
    example: '1748503',
    description: 'A decimal number',
  })
  historyId!: string | null;

  @ApiProperty({ type: [String], description: 'As they are now', example: ['UNREAD', 'INBOX'] })
  labelIds!: string[];

  @ApiProperty({ type: MailAddressDto, nullable: true })
  from!: MailAddressDto | null;

  @ApiProperty({ type: [MailAddressDto] })
  to!: MailAddressDto[];

  @ApiProperty({ type: [MailAddressDto] })
  cc!: MailAddressDto[];

  @ApiProperty({ type: [MailAddressDto], description: 'In mail that the owner sent' })
  bcc!: MailAddressDto[];

  @ApiProperty({ type: [MailAddressDto], description: 'Where an answer is to go; empty: to `from`' })
  replyTo!: MailAddressDto[];

  @ApiProperty({ example: 'The contract', description: 'Empty when there is none' })
  subject!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'The Date header' })
  date!: string | null;

  @ApiProperty({ description: 'How its text begins, as plain text' })
  snippet!: string;

  @ApiProperty({ type: String, nullable: true, example: '<pdf-1@example.net>' })
  rfc822MessageId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The message id of what it answers, in angle brackets',
  })
  inReplyTo!: string | null;

  @ApiProperty({
    type: [String],
    maxItems: 100,
    example: [],
    description: 'The message ids of the thread, the oldest first; of more than 100 the last ones',
  })
  references!: string[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'The List-Id header' })
  listId!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The Auto-Submitted header: other than null and `no`, a program wrote the mail',
  })
  autoSubmitted!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    example: {},
    description:
      'Those of `MESSAGE_HEADERS` that the mail has: by lower-case name, the decoded values in their order',
  })
  headers!: Record<string, string[]>;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When Gmail received it' })
  internalDate!: string | null;

  @ApiProperty({ type: 'integer', description: 'Bytes' })
  sizeEstimate!: number;

  @ApiProperty({ type: [MessageAttachmentDto], description: 'Always empty under the scope gmail.metadata' })
  attachments!: MessageAttachmentDto[];

  @ApiPropertyOptional({ type: String, nullable: true, description: 'With `format=full`' })
  text?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'With `format=full`' })
  html?: string | null;

  @ApiPropertyOptional({
    type: [String],
    example: ['text'],
    description: 'The fields that lack something; left out when all of it is there',
  })
  truncated?: string[];

  @ApiProperty({ type: [MessageHeaderDto], description: 'All of them, in their order' })
  allHeaders!: MessageHeaderDto[];
}

@ApiSchema({ name: 'LabelColor' })
export class LabelColorDto {
  @ApiProperty({ example: '#ffffff' })
  textColor!: string;

  @ApiProperty({ example: '#16a765' })
  backgroundColor!: string;
}

@ApiSchema({ name: 'Label' })
export class LabelDto {
  @ApiProperty({ example: 'Label_7' })
  id!: string;

  @ApiProperty({ example: 'Customers' })
  name!: string;

  @ApiProperty({ enum: ['system', 'user'] })
  type!: 'system' | 'user';

  @ApiProperty({ type: String, nullable: true, example: 'show' })
  messageListVisibility!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'labelShow' })
  labelListVisibility!: string | null;

  @ApiProperty({ type: LabelColorDto, nullable: true })
  color!: LabelColorDto | null;
}

@ApiSchema({ name: 'LabelPage' })
export class LabelPageDto {
  @ApiProperty({ type: [LabelDto] })
  data!: LabelDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: all of them are here' })
  nextCursor!: string | null;
}
