import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayNotEmpty, IsArray, IsIn, IsOptional } from 'class-validator';
import { IsTime } from '../../http/is-time';
import { EXAMPLE_ID } from '../../http/problem';
import { IsPlainText } from '../../http/validation';
import { ApiNextCursor } from '../../http/page';
import { type Scope, SCOPES } from './scope';

@ApiSchema({ name: 'CreateApiKeyRequest' })
export class CreateApiKeyDto {
  @ApiProperty({
    example: 'CRM, production',
    minLength: 1,
    maxLength: 100,
    description: 'What it is for: you will read it in the list',
  })
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

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    nullable: true,
    example: '2027-12-31T00:00:00Z',
    description: 'A time to come. Left out or null: never',
  })
  @IsOptional()
  @IsTime()
  expiresAt?: string | null;
}

@ApiSchema({ name: 'ApiKey', description: 'An API key, without the key itself' })
export class ApiKeyDto {
  @ApiProperty({ example: EXAMPLE_ID.apiKey })
  id!: string;

  @ApiProperty({ example: 'CRM, production' })
  name!: string;

  @ApiProperty({
    example: 'x7Qk',
    minLength: 4,
    maxLength: 4,
    description: 'The last four characters of the key',
  })
  hint!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['write'] })
  scopes!: Scope[];

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From then on nobody gets in with it. Null: it does not expire',
  })
  expiresAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  lastUsedAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null while it is good' })
  revokedAt!: string | null;
}

@ApiSchema({ name: 'ApiKeyWithSecret', description: 'A new API key, with the key itself' })
export class CreatedApiKeyDto extends ApiKeyDto {
  @ApiProperty({
    example: 'iwk_3kTMd1V3xUT0zVnP8gQ5hQm0p0m7nJ0r7pBqDkz1x7Qk',
    description: 'Goes into `Authorization: Bearer …`. Shown once',
  })
  key!: string;
}

@ApiSchema({ name: 'ApiKeyPage' })
export class ApiKeyPageDto {
  @ApiProperty({ type: [ApiKeyDto] })
  data!: ApiKeyDto[];

  @ApiNextCursor()
  nextCursor!: string | null;
}
