import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsIn, IsOptional, IsRFC3339 } from 'class-validator';
import { IsPlainText } from '../../common/http/is-plain-text';
import { type Scope, SCOPES } from './scope';

export class CreateApiKeyDto {
  @ApiProperty({ example: 'CRM, production', minLength: 1, maxLength: 100 })
  @IsPlainText(100)
  name!: string;

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    minItems: 1,
    example: ['write'],
    description: 'Each includes those before it: `read` (GET), `write` (everything but keys), `admin`',
  })
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description: 'Left out: never' })
  @IsOptional()
  @IsRFC3339()
  expiresAt?: string | null;
}

export class ApiKeyDto {
  @ApiProperty({ example: 'key_01h455vb4pex5vsknk084sn02q' })
  id!: string;

  @ApiProperty({ example: 'CRM, production' })
  name!: string;

  @ApiProperty({ example: 'x7Qk', description: 'The last four characters of the key' })
  hint!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: Scope[];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  lastUsedAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  revokedAt!: string | null;
}

export class CreatedApiKeyDto extends ApiKeyDto {
  @ApiProperty({
    example: 'iwk_3kTMd1V3xUT0zVnP8gQ5hQm0p0m7nJ0r7pBqDkz1x7Qk',
    description: 'Goes into `Authorization: Bearer …`. Shown once',
  })
  key!: string;
}

export class ApiKeyPageDto {
  @ApiProperty({ type: [ApiKeyDto] })
  data!: ApiKeyDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
