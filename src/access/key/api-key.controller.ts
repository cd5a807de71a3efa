import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { type Page, PageQuery } from '../../common/http/page';
import { Problem } from '../../common/http/problem';
import { ApiKeyDto, ApiKeyPageDto, CreateApiKeyDto, CreatedApiKeyDto } from './api-key.dto';
import { ApiKeyService } from './api-key.service';

@ApiTags('API keys')
@ApiBearerAuth()
@Controller('v1/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Post()
  @ApiOperation({ operationId: 'createApiKey', summary: 'Make an API key' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  @ApiResponse({ status: 400, type: Problem })
  create(@Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.keys.create(body);
  }

  @Get()
  @ApiOperation({
    operationId: 'listApiKeys',
    summary: 'List the API keys, revoked ones too; the API_KEY of the settings is none of them',
  })
  @ApiOkResponse({ type: ApiKeyPageDto })
  list(@Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    return this.keys.list(query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getApiKey', summary: 'Get one API key' })
  @ApiOkResponse({ type: ApiKeyDto })
  @ApiResponse({ status: 404, type: Problem })
  get(@Param('id') id: string): Promise<ApiKeyDto> {
    return this.keys.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key: nobody gets in with it any more, streams that it opened end',
  })
  @ApiNoContentResponse()
  @ApiResponse({ status: 404, type: Problem })
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
