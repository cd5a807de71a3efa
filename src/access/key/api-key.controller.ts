import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Page, PageQuery } from '../../http/page';
import { type ApiKeyDto, CreateApiKeyDto, type CreatedApiKeyDto } from './api-key.dto';
import {
  DescribeCreateApiKey,
  DescribeGetApiKey,
  DescribeListApiKeys,
  DescribeRevokeApiKey,
} from './api-key.openapi';
import { ApiKeyService } from './api-key.service';

@ApiTags('API keys')
@ApiBearerAuth()
@Controller('v1/api-keys')
export class ApiKeyController {
  constructor(private readonly keys: ApiKeyService) {}

  @Post()
  @DescribeCreateApiKey()
  create(@Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    return this.keys.create(body);
  }

  @Get()
  @DescribeListApiKeys()
  list(@Query() query: PageQuery): Promise<Page<ApiKeyDto>> {
    return this.keys.list(query);
  }

  @Get(':id')
  @DescribeGetApiKey()
  get(@Param('id') id: string): Promise<ApiKeyDto> {
    return this.keys.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @DescribeRevokeApiKey()
  revoke(@Param('id') id: string): Promise<void> {
    return this.keys.revoke(id);
  }
}
