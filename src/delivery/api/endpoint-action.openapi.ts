import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { CURSOR_EXPIRED } from '../../event/api/event.openapi';
import { ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { EndpointSecretUnreadableError, TooManySecretsError } from '../delivery.errors';
import { RecoverDto } from './delivery.dto';
import { RecoveredDto, RotateSecretDto, TestResultDto } from './endpoint-action.dto';
import { CreatedEndpointDto, EndpointDto } from './endpoint.dto';
import { ApiEndpointId, ENDPOINT, ENDPOINT_NOT_FOUND, ENDPOINT_WITH_SECRET } from './endpoint.openapi';

const TEST_RESULT: TestResultDto = { status: 204, latencyMs: 41, error: null };

const RECOVERED: RecoveredDto = { count: 12 };

export const ApiRotateSecret = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'rotateEndpointSecret',
      summary: 'Get a new signing secret; the one so far signs too for 24 hours',
      description: 'At most five secrets sign at once.',
    }),
    ApiBody({ type: RotateSecretDto, required: false }),
    ApiOkResponse({
      type: CreatedEndpointDto,
      description: 'The endpoint with its new secret, which is shown this once',
      example: ENDPOINT_WITH_SECRET,
    }),
    ApiProblems(ENDPOINT_NOT_FOUND, new TooManySecretsError(5, new Date('2026-11-23T09:02:44.018Z'))),
  );

export const ApiTestEndpoint = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'testEndpoint',
      summary: 'Send an `endpoint.test` event now, and see what the receiver answers',
      description: 'Also to a disabled endpoint. The event is in no log, and the test has no consequences.',
    }),
    ApiOkResponse({ type: TestResultDto, description: 'What the receiver made of it', example: TEST_RESULT }),
    ApiProblems(ENDPOINT_NOT_FOUND, new EndpointSecretUnreadableError(EXAMPLE_ID.endpoint, undefined)),
  );

export const ApiReplayEvents = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'replayEvents',
      summary: 'Deliver again from a point of the log on, in order: either `after` or `since`',
    }),
    ApiAcceptedResponse({
      type: EndpointDto,
      description: 'The events will be delivered again',
      example: ENDPOINT,
    }),
    ApiProblems(ENDPOINT_NOT_FOUND, CURSOR_EXPIRED),
  );

export const ApiRecoverDeliveries = (): MethodDecorator =>
  applyDecorators(
    ApiEndpointId(),
    ApiOperation({
      operationId: 'recoverDeliveries',
      summary: 'Try every dead delivery of the endpoint again, and every pending one now',
      description: 'Of those that pass its filter still, and whose events the log still holds.',
    }),
    ApiBody({ type: RecoverDto, required: false }),
    ApiAcceptedResponse({ type: RecoveredDto, description: 'They will be tried again', example: RECOVERED }),
    ApiProblems(ENDPOINT_NOT_FOUND),
  );
