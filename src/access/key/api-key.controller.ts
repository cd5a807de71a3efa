import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { type Page, PageQuery } from '../../http/page';
import { NotFoundError } from '../../common/inboxwire.error';
import { ApiKeyDto, ApiKeyPageDto, CreateApiKeyDto, CreatedApiKeyDto } from './api-key.dto';
import { API_KEY, API_KEY_PAGE, CREATED_API_KEY } from './api-key.openapi';
import { ApiKeyService } from './api-key.service';

const NOT_FOUND = new NotFoundError('API key', EXAMPLE_ID.apiKey);

@ApiTags('API keys')
@ApiBearerAuth()
@Controller('v1/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Post()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Make an API key' })
  @ApiCreatedResponse({
    type: CreatedApiKeyDto,
    description: 'The key itself is shown this once',
    example: CREATED_API_KEY,
  })
  create(@Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.keys.create(body);
  }

  @Get()
  @ApiOperation({
    operationId: 'listApiKeys',
    summary: 'List the API keys, in the order of their creation',
    description: 'Revoked ones too; the `API_KEY` of the settings is none of them.',
  })
  @ApiOkResponse({ type: ApiKeyPageDto, description: 'A page of API keys', example: API_KEY_PAGE })
  list(@Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    return this.keys.list(query);
  }

  @Get(':id')
  @ApiId('API key', EXAMPLE_ID.apiKey)
  @ApiOperation({ operationId: 'getApiKey', summary: 'Get one API key' })
  @ApiOkResponse({ type: ApiKeyDto, description: 'The API key', example: API_KEY })
  @ApiProblems(NOT_FOUND)
  get(@Param('id') id: string): Promise<ApiKeyDto> {
    return this.keys.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('API key', EXAMPLE_ID.apiKey)
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'Nobody gets in with it any more, and streams that it opened end. It stays in the list.',
  })
  @ApiNoContentResponse({ description: 'It is revoked, or was already' })
  @ApiProblems(NOT_FOUND)
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
