import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { NotFoundError } from '../../common/inboxwire.error';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import { ApiKeyDto, ApiKeyPageDto, CreatedApiKeyDto } from './api-key.dto';

const API_KEY: ApiKeyDto = {
  id: EXAMPLE_ID.apiKey,
  name: 'CRM, production',
  hint: 'x7Qk',
  scopes: ['write'],
  createdAt: '2026-11-22T08:59:10.421Z',
  expiresAt: '2027-12-31T00:00:00.000Z',
  lastUsedAt: '2026-11-22T09:14:00.000Z',
  revokedAt: null,
};

const CREATED_API_KEY: CreatedApiKeyDto = {
  ...API_KEY,
  lastUsedAt: null,
  key: 'iwk_3kTMd1V3xUT0zVnP8gQ5hQm0p0m7nJ0r7pBqDkz1x7Qk',
};

const API_KEY_PAGE: ApiKeyPageDto = { data: [API_KEY], nextCursor: encodeCursor(API_KEY.id) };

const NOT_FOUND = new NotFoundError('API key', EXAMPLE_ID.apiKey);

export const DescribeCreateApiKey = () =>
  applyDecorators(
    ApiOperation({ operationId: 'createApiKey', summary: 'Make an API key' }),
    ApiCreatedResponse({
      type: CreatedApiKeyDto,
      description: 'The key itself is shown this once',
      example: CREATED_API_KEY,
    }),
  );

export const DescribeListApiKeys = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'listApiKeys',
      summary: 'List the API keys, in the order of their creation',
      description: 'Revoked ones too; the `API_KEY` of the settings is none of them.',
    }),
    ApiOkResponse({ type: ApiKeyPageDto, description: 'A page of API keys', example: API_KEY_PAGE }),
  );

export const DescribeGetApiKey = () =>
  applyDecorators(
    ApiId('API key', EXAMPLE_ID.apiKey),
    ApiOperation({ operationId: 'getApiKey', summary: 'Get one API key' }),
    ApiOkResponse({ type: ApiKeyDto, description: 'The API key', example: API_KEY }),
    ApiProblems(NOT_FOUND),
  );

export const DescribeRevokeApiKey = () =>
  applyDecorators(
    ApiId('API key', EXAMPLE_ID.apiKey),
    ApiOperation({
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key',
      description: 'Nobody gets in with it any more, and streams that it opened end. It stays in the list.',
    }),
    ApiNoContentResponse({ description: 'It is revoked, or was already' }),
    ApiProblems(NOT_FOUND),
  );
