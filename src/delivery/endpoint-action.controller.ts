import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Problem } from '../common/http/problem';
import { RecoverDto } from './delivery.dto';
import { DeliveryService } from './delivery.service';
import { RecoveredDto, TestResultDto } from './endpoint-action.dto';
import { EndpointIdPipe } from './endpoint/endpoint-id.pipe';
import { EndpointTestService, type TestResult } from './endpoint/endpoint-test.service';
import { CreatedEndpointDto, EndpointDto } from './endpoint/endpoint.dto';
import { EndpointService } from './endpoint/endpoint.service';
import type { Endpoint } from './endpoint/endpoint.types';
import { ReplayDto } from './replay/replay.dto';
import { ReplayService } from './replay/replay.service';

@ApiTags('Endpoints')
@ApiBearerAuth()
@ApiResponse({ status: 404, type: Problem })
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
  @ApiOperation({
    operationId: 'rotateEndpointSecret',
    summary: 'Get a new signing secret; the one so far signs too for 24 hours',
  })
  @ApiOkResponse({ type: CreatedEndpointDto })
  rotateSecret(@Param('id', EndpointIdPipe) id: string): Promise<Endpoint & { secret: string }> {
    return this.endpoints.rotateSecret(id);
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'testEndpoint',
    summary: 'Send an `endpoint.test` event now, and see what the receiver answers',
  })
  @ApiOkResponse({ type: TestResultDto })
  test(@Param('id', EndpointIdPipe) id: string): Promise<TestResult> {
    return this.tests.test(id);
  }

  @Post('replay')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'replayEvents',
    summary: 'Deliver again from a point of the log on, in order: either `after` or `since`',
  })
  @ApiAcceptedResponse({ type: EndpointDto })
  @ApiResponse({ status: 400, type: Problem })
  @ApiResponse({ status: 410, type: Problem, description: '`cursor_expired`: the log does not hold `after`' })
  replay(@Param('id', EndpointIdPipe) id: string, @Body() body: ReplayDto): Promise<Endpoint> {
    return this.replays.replay(id, body);
  }

  @Post('recover')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'recoverDeliveries',
    summary: 'Try every dead delivery of the endpoint again',
  })
  @ApiAcceptedResponse({ type: RecoveredDto })
  @ApiResponse({ status: 400, type: Problem })
  recover(@Param('id', EndpointIdPipe) id: string, @Body() body?: RecoverDto): Promise<{ count: number }> {
    return this.deliveries.recover(id, body?.since);
  }
}
