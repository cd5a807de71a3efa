import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
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
import {
  ENDPOINT,
  ENDPOINT_NOT_FOUND,
  ENDPOINT_PAGE,
  ENDPOINT_URL_FORBIDDEN,
  ENDPOINT_WITH_SECRET,
} from './endpoint.openapi';
import {
  ChangeEndpointDto,
  CreatedEndpointDto,
  CreateEndpointDto,
  EndpointDto,
  EndpointPageDto,
} from './endpoint.dto';
import { EndpointIdPipe } from './endpoint-id.pipe';
import { EndpointService } from './endpoint.service';
import type { Endpoint } from '../endpoint/endpoint.types';

const ApiEndpointId = () => ApiId('endpoint', EXAMPLE_ID.endpoint);

@ApiTags('Endpoints')
@ApiBearerAuth()
@Controller('v1/endpoints')
export class EndpointController {
  constructor(private readonly endpoints: EndpointService) {}

  @Post()
  @ApiOperation({
    operationId: 'createEndpoint',
    summary: 'Register an endpoint: it receives the events appended from now on',
    description: 'For those before, `POST /v1/endpoints/{id}/replay`.',
  })
  @ApiCreatedResponse({
    type: CreatedEndpointDto,
    description: 'The endpoint with its secret, which is shown this once',
    example: ENDPOINT_WITH_SECRET,
  })
  @ApiProblems(ENDPOINT_URL_FORBIDDEN)
  create(@Body() body: CreateEndpointDto): Promise<Endpoint & { secret: string }> {
    return this.endpoints.create(body);
  }

  @Get()
  @ApiOperation({ operationId: 'listEndpoints', summary: 'List endpoints, in the order of their creation' })
  @ApiOkResponse({ type: EndpointPageDto, description: 'A page of endpoints', example: ENDPOINT_PAGE })
  list(@Query() query: PageQuery): Promise<Page<Endpoint>> {
    return this.endpoints.list(query);
  }

  @Get(':id')
  @ApiEndpointId()
  @ApiOperation({ operationId: 'getEndpoint', summary: 'Get one endpoint' })
  @ApiOkResponse({ type: EndpointDto, description: 'The endpoint', example: ENDPOINT })
  @ApiProblems(ENDPOINT_NOT_FOUND)
  get(@Param('id', EndpointIdPipe) id: string): Promise<Endpoint> {
    return this.endpoints.get(id);
  }

  @Patch(':id')
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'updateEndpoint',
    summary: 'Change an endpoint, disable it or enable it again',
  })
  @ApiOkResponse({ type: EndpointDto, description: 'The endpoint as it is now', example: ENDPOINT })
  @ApiProblems(ENDPOINT_URL_FORBIDDEN, ENDPOINT_NOT_FOUND)
  change(@Param('id', EndpointIdPipe) id: string, @Body() body: ChangeEndpointDto): Promise<Endpoint> {
    return this.endpoints.change(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'deleteEndpoint',
    summary: 'Delete an endpoint, with what it has not received yet',
  })
  @ApiNoContentResponse({ description: 'It is deleted' })
  @ApiProblems(ENDPOINT_NOT_FOUND)
  delete(@Param('id', EndpointIdPipe) id: string): Promise<void> {
    return this.endpoints.delete(id);
  }
}
