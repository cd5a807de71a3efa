import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiNextCursor, PageQuery } from '../http/page';
import { EXAMPLE_ID } from '../http/problem';
import { IsPlainText } from '../http/validation';

export class ListMessagesQuery extends PageQuery {
  @ApiPropertyOptional({
    maxLength: 2_000,
    example: 'from:bob@example.net has:attachment',
    description: "A search as in Gmail's search box; refused under the scope gmail.metadata",
  })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  q?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: 100,
    example: ['INBOX', 'UNREAD'],
    description:
      'Messages that carry all of these labels, comma separated. Spam and trash are left out unless they are named here or in `q`',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @ArrayMaxSize(100)
  @IsPlainText(225, { each: true })
  labelIds?: string[];
}

@ApiSchema({ name: 'ListedMessage' })
export class ListedMessageDto {
  @ApiProperty({ example: EXAMPLE_ID.message })
  id!: string;

  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_ID.message })
  threadId!: string | null;
}

@ApiSchema({ name: 'MessagePage' })
export class MessagePageDto {
  @ApiProperty({ type: [ListedMessageDto], description: 'The newest first' })
  data!: ListedMessageDto[];

  @ApiNextCursor()
  nextCursor!: string | null;
}
