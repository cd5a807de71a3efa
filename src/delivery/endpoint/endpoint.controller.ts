import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
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
import {
  ChangeEndpointDto,
  CreatedEndpointDto,
  CreateEndpointDto,
  EndpointDto,
  EndpointPageDto,
} from './endpoint.dto';
import { EndpointIdPipe } from './endpoint-id.pipe';
import { EndpointService } from './endpoint.service';
import type { Endpoint } from './endpoint.types';

const BAD_REQUEST = {
  status: 400,
  type: Problem,
  description:
    '`endpoint_url_forbidden`: the URL leads to an internal address; or another field is not valid',
};

@ApiTags('Endpoints')
@ApiBearerAuth()
@Controller('v1/endpoints')
export class EndpointController {
  constructor(private readonly endpoints: EndpointService) {}

  @Post()
  @ApiOperation({
    operationId: 'createEndpoint',
    summary: 'Register an endpoint: it receives the events appended from now on',
  })
  @ApiCreatedResponse({ type: CreatedEndpointDto })
  @ApiResponse(BAD_REQUEST)
  create(@Body() body: CreateEndpointDto): Promise<Endpoint & { secret: string }> {
    return this.endpoints.create(body);
  }

  @Get()
  @ApiOperation({ operationId: 'listEndpoints', summary: 'List endpoints' })
  @ApiOkResponse({ type: EndpointPageDto })
  list(@Query() query: PageQuery): Promise<Page<Endpoint>> {
    return this.endpoints.list(query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getEndpoint', summary: 'Get one endpoint' })
  @ApiOkResponse({ type: EndpointDto })
  @ApiResponse({ status: 404, type: Problem })
  get(@Param('id', EndpointIdPipe) id: string): Promise<Endpoint> {
    return this.endpoints.get(id);
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'updateEndpoint',
    summary: 'Change an endpoint, disable it or enable it again',
  })
  @ApiOkResponse({ type: EndpointDto })
  @ApiResponse(BAD_REQUEST)
  @ApiResponse({ status: 404, type: Problem })
  change(@Param('id', EndpointIdPipe) id: string, @Body() body: ChangeEndpointDto): Promise<Endpoint> {
    return this.endpoints.change(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteEndpoint',
    summary: 'Delete an endpoint, with what it has not received yet',
  })
  @ApiNoContentResponse()
  @ApiResponse({ status: 404, type: Problem })
  delete(@Param('id', EndpointIdPipe) id: string): Promise<void> {
    return this.endpoints.delete(id);
  }
}
