import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray } from 'class-validator';
import type { LabelRequest } from '../gmail/gmail.types';
import { EXAMPLE_ID } from '../http/problem';
import { IsOptionalNotNull, IsPlainText, IsWithoutRepetitions } from '../http/validation';

/** As many as Gmail takes. */
const MAX_LABELS = 100;

@ApiSchema({ name: 'ModifyMessageRequest', description: 'At least one label' })
export class ModifyMessageDto implements Partial<LabelRequest> {
  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_LABELS,
    uniqueItems: true,
    example: ['STARRED'],
    description: 'The ids of the labels that the message is to get',
  })
  @IsOptionalNotNull()
  @IsArray()
  @ArrayMaxSize(MAX_LABELS)
  @IsWithoutRepetitions()
  @IsPlainText(225, { each: true })
  addLabelIds?: string[];

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_LABELS,
    uniqueItems: true,
    example: ['UNREAD'],
    description: 'The ids of the labels that the message is to lose; none of those that it is to get',
  })
  @IsOptionalNotNull()
  @IsArray()
  @ArrayMaxSize(MAX_LABELS)
  @IsWithoutRepetitions()
  @IsPlainText(225, { each: true })
  removeLabelIds?: string[];
}

@ApiSchema({ name: 'ModifiedMessage' })
export class ModifiedMessageDto {
  @ApiProperty({ example: EXAMPLE_ID.message })
  messageId!: string;

  @ApiProperty({ type: [String], example: ['INBOX', 'STARRED'], description: 'All labels after the change' })
  labelIds!: string[];
}
