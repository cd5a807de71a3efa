import { applyDecorators } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { InvalidValueError, NotFoundError } from '../../common/inboxwire.error';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { encodeCursor } from '../../http/page';
import { ChangedEndpointDto, CreatedEndpointDto, EndpointDto, EndpointPageDto } from './endpoint.dto';

export const ENDPOINT_NOT_FOUND = new NotFoundError('endpoint', EXAMPLE_ID.endpoint);

const ENDPOINT_URL_FORBIDDEN = new InvalidValueError(
  'url',
  '10.0.0.7 is on a loopback, private or otherwise internal address. Set ALLOW_PRIVATE_ENDPOINTS=true if that is meant.',
  'endpoint_url_forbidden',
);

export const ENDPOINT: EndpointDto = {
  id: EXAMPLE_ID.endpoint,
  url: 'https://app.example.com/inboxwire',
  eventTypes: ['message.added', 'message.deleted'],
  mailboxIds: [EXAMPLE_ID.mailbox],
  ordering: 'mailbox',
  description: 'CRM, production',
  headers: { authorization: '***' },
  filter: { data: { labelIds: 'IMPORTANT' } },
  rateLimit: null,
  status: 'enabled',
  disabledReason: null,
  createdAt: '2026-11-22T09:02:44.018Z',
};

const CHANGED_ENDPOINT: ChangedEndpointDto = { ...ENDPOINT, warnings: [] };

export const ENDPOINT_WITH_SECRET: CreatedEndpointDto = {
  ...CHANGED_ENDPOINT,
  secret: 'whsec_2b7C0d9f8kq1mVw4Xz6Tn3Lr5Yp0Hs8Jg2Ua7Ec9Iwk=',
};

const ENDPOINT_PAGE: EndpointPageDto = { data: [ENDPOINT], nextCursor: encodeCursor(ENDPOINT.id) };

export const ApiEndpointId = (): MethodDecorator => ApiId('endpoint', EXAMPLE_ID.endpoint);

export const ApiCreateEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'createEndpoint',
      summary: 'Register an endpoint: it receives the events appended from now on',
      description: 'For those before, `POST /v1/endpoints/{id}/replay`.',
    }),
    ApiCreatedResponse({
      type: CreatedEndpointDto,
      description: 'The endpoint with its secret, which is shown this once',
      example: ENDPOINT_WITH_SECRET,
    }),
    ApiProblems(ENDPOINT_URL_FORBIDDEN),
  );

export const ApiListEndpoints = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({ operationId: 'listEndpoints', summary: 'List endpoints, in the order of their creation' }),
    ApiOkResponse({ type: EndpointPageDto, description: 'A page of endpoints', example: ENDPOINT_PAGE }),
  );

export const ApiGetEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({ operationId: 'getEndpoint', summary: 'Get one endpoint' }),
    ApiOkResponse({ type: EndpointDto, description: 'The endpoint', example: ENDPOINT }),
    ApiProblems(ENDPOINT_NOT_FOUND),
  );

export const ApiUpdateEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'updateEndpoint',
      summary: 'Change an endpoint, disable it or enable it again',
    }),
    ApiOkResponse({
      type: ChangedEndpointDto,
      description: 'The endpoint as it is now',
      example: CHANGED_ENDPOINT,
    }),
    ApiProblems(ENDPOINT_URL_FORBIDDEN, ENDPOINT_NOT_FOUND),
  );

export const ApiDeleteEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'deleteEndpoint',
      summary: 'Delete an endpoint, with what it has not received yet',
    }),
    ApiNoContentResponse({ description: 'It is deleted' }),
    ApiProblems(ENDPOINT_NOT_FOUND),
  );
