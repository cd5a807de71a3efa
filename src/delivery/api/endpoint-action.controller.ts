import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { ChangedEndpoint, Endpoint } from '../endpoint/endpoint.types';
import { RecoverDto } from './delivery.dto';
import {
  ApiRecoverDeliveries,
  ApiReplayEvents,
  ApiRotateSecret,
  ApiTestEndpoint,
} from './endpoint-action.openapi';
import { RotateSecretDto } from './endpoint-action.dto';
import { EndpointChangeService } from './endpoint-change.service';
import { EndpointIdPipe } from './endpoint-id.pipe';
import { EndpointTestService, type TestResult } from './endpoint-test.service';
import { RecoveryService } from './recovery.service';
import { ReplayDto } from './replay.dto';
import { ReplayService } from './replay.service';

@ApiTags('Endpoints')
@ApiBearerAuth()
@Controller('v1/endpoints/:id')
export class EndpointActionController {
  constructor(
    private readonly changes: EndpointChangeService,
    private readonly tests: EndpointTestService,
    private readonly replays: ReplayService,
    private readonly recoveries: RecoveryService,
  ) {}

  @Post('rotate-secret')
  @HttpCode(200)
  @ApiRotateSecret()
  rotateSecret(
    @Param('id', EndpointIdPipe) id: string,
    @Body() body?: RotateSecretDto,
  ): Promise<ChangedEndpoint & { secret: string }> {
    return this.changes.rotateSecret(id, body?.force ?? false);
  }

  @Post('test')
  @HttpCode(200)
  @ApiTestEndpoint()
  test(@Param('id', EndpointIdPipe) id: string): Promise<TestResult> {
    return this.tests.test(id);
  }

  @Post('replay')
  @HttpCode(202)
  @ApiReplayEvents()
  replay(@Param('id', EndpointIdPipe) id: string, @Body() body: ReplayDto): Promise<Endpoint> {
    return this.replays.replay(id, body);
  }

  @Post('recover')
  @HttpCode(202)
  @ApiRecoverDeliveries()
  recover(@Param('id', EndpointIdPipe) id: string, @Body() body?: RecoverDto): Promise<{ count: number }> {
    return this.recoveries.recover(id, body?.since);
  }
}
