import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiId, ApiProblems } from '../../http/api-problems';
import { EXAMPLE_ID } from '../../http/problem';
import { CURSOR_EXPIRED } from '../../event/api/event.openapi';
import { RecoverDto } from './delivery.dto';
import { RECOVERED, TEST_RESULT } from './delivery.openapi';
import { ENDPOINT, ENDPOINT_NOT_FOUND, ENDPOINT_WITH_SECRET } from './endpoint.openapi';
import { DeliveryService } from './delivery.service';
import { RecoveredDto, TestResultDto } from './endpoint-action.dto';
import { EndpointIdPipe } from './endpoint-id.pipe';
import { EndpointTestService, type TestResult } from './endpoint-test.service';
import { CreatedEndpointDto, EndpointDto } from './endpoint.dto';
import { EndpointSecretUnreadableError } from '../endpoint/endpoint-secret.store';
import { EndpointService } from './endpoint.service';
import type { Endpoint } from '../endpoint/endpoint.types';
import { ReplayDto } from './replay.dto';
import { ReplayService } from './replay.service';

const ApiEndpointId = () => ApiId('endpoint', EXAMPLE_ID.endpoint);

@ApiTags('Endpoints')
@ApiBearerAuth()
@Controller('v1/endpoints/:id')
export class EndpointActionController {
  constructor(
    private readonly endpoints: EndpointService,
    private readonly tests: EndpointTestService,
    private readonly replays: ReplayService,
    private readonly deliveries: DeliveryService,
  ) {}

  @Post('rotate-secret')
  @HttpCode(200)
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'rotateEndpointSecret',
    summary: 'Get a new signing secret; the one so far signs too for 24 hours',
  })
  @ApiOkResponse({
    type: CreatedEndpointDto,
    description: 'The endpoint with its new secret, which is shown this once',
    example: ENDPOINT_WITH_SECRET,
  })
  @ApiProblems(ENDPOINT_NOT_FOUND)
  rotateSecret(@Param('id', EndpointIdPipe) id: string): Promise<Endpoint & { secret: string }> {
    return this.endpoints.rotateSecret(id);
  }

  @Post('test')
  @HttpCode(200)
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'testEndpoint',
    summary: 'Send an `endpoint.test` event now, and see what the receiver answers',
    description: 'Also to a disabled endpoint. The event is in no log, and the test has no consequences.',
  })
  @ApiOkResponse({ type: TestResultDto, description: 'What the receiver made of it', example: TEST_RESULT })
  @ApiProblems(ENDPOINT_NOT_FOUND, new EndpointSecretUnreadableError(EXAMPLE_ID.endpoint, undefined))
  test(@Param('id', EndpointIdPipe) id: string): Promise<TestResult> {
    return this.tests.test(id);
  }

  @Post('replay')
  @HttpCode(202)
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'replayEvents',
    summary: 'Deliver again from a point of the log on, in order: either `after` or `since`',
  })
  @ApiAcceptedResponse({
    type: EndpointDto,
    description: 'The events will be delivered again',
    example: ENDPOINT,
  })
  @ApiProblems(ENDPOINT_NOT_FOUND, CURSOR_EXPIRED)
  replay(@Param('id', EndpointIdPipe) id: string, @Body() body: ReplayDto): Promise<Endpoint> {
    return this.replays.replay(id, body);
  }

  @Post('recover')
  @HttpCode(202)
  @ApiEndpointId()
  @ApiOperation({
    operationId: 'recoverDeliveries',
    summary: 'Try every dead delivery of the endpoint again',
    description: 'Of those that it still wants, and whose events the log still holds.',
  })
  @ApiAcceptedResponse({ type: RecoveredDto, description: 'They will be tried again', example: RECOVERED })
  @ApiProblems(ENDPOINT_NOT_FOUND)
  recover(@Param('id', EndpointIdPipe) id: string, @Body() body?: RecoverDto): Promise<{ count: number }> {
    return this.deliveries.recover(id, body?.since);
  }
}
