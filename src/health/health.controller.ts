import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { READY, UNAVAILABLE } from './health.openapi';
import { HealthService } from './health.service';
import { Liveness, Readiness } from './health.types';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @ApiOperation({ operationId: 'getLiveness', summary: 'Whether the process is up' })
  @ApiOkResponse({ type: Liveness, description: 'It is', example: { status: 'ok' } satisfies Liveness })
  live(): Liveness {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'getReadiness', summary: 'Whether it can do its work' })
  @ApiOkResponse({
    type: Readiness,
    description: 'It can. `degraded` when watches are overdue or an encryption key is missing',
    example: READY,
  })
  @ApiServiceUnavailableResponse({
    type: Readiness,
    description: 'Database, migrations or jobs are down, or it was told to end',
    example: UNAVAILABLE,
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.status === 'unavailable' ? 503 : 200);
    return readiness;
  }
}
