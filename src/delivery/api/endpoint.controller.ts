import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Page, PageQuery } from '../../http/page';
import type { ChangedEndpoint, Endpoint } from '../endpoint/endpoint.types';
import { EndpointChangeService } from './endpoint-change.service';
import { ChangeEndpointDto, CreateEndpointDto } from './endpoint-request.dto';
import { EndpointIdPipe } from './endpoint-id.pipe';
import {
  ApiCreateEndpoint,
  ApiDeleteEndpoint,
  ApiGetEndpoint,
  ApiListEndpoints,
  ApiUpdateEndpoint,
} from './endpoint.openapi';
import { EndpointService } from './endpoint.service';

@ApiTags('Endpoints')
@ApiBearerAuth()
@Controller('v1/endpoints')
export class EndpointController {
  constructor(
    private readonly endpoints: EndpointService,
    private readonly changes: EndpointChangeService,
  ) {}

  @Post()
  @ApiCreateEndpoint()
  create(@Body() body: CreateEndpointDto): Promise<ChangedEndpoint & { secret: string }> {
    return this.changes.create(body);
  }

  @Get()
  @ApiListEndpoints()
  list(@Query() query: PageQuery): Promise<Page<Endpoint>> {
    return this.endpoints.list(query);
  }

  @Get(':id')
  @ApiGetEndpoint()
  get(@Param('id', EndpointIdPipe) id: string): Promise<Endpoint> {
    return this.endpoints.get(id);
  }

  @Patch(':id')
  @ApiUpdateEndpoint()
  change(@Param('id', EndpointIdPipe) id: string, @Body() body: ChangeEndpointDto): Promise<ChangedEndpoint> {
    return this.changes.change(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiDeleteEndpoint()
  delete(@Param('id', EndpointIdPipe) id: string): Promise<void> {
    return this.changes.delete(id);
  }
}
