import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InstallationService } from '../database/installation.service';
import { DescribeLiveness, DescribeReadiness } from './health.openapi';
import { HealthService } from './health.service';
import type { Liveness, Readiness } from './health.types';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly installation: InstallationService,
  ) {}

  @Get('live')
  @DescribeLiveness()
  live(): Liveness {
    return { status: 'ok', installation: this.installation.current() };
  }

  @Get('ready')
  @DescribeReadiness()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    void reply.status(readiness.status === 'unavailable' ? 503 : 200);
    return readiness;
  }
}
