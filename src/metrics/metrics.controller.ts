import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Metrics } from '../observability/metrics';
import { FleetGaugesService } from './fleet-gauges.service';

const EXAMPLE = `# HELP inboxwire_database_up Whether this process reaches the database: 1 or 0
# TYPE inboxwire_database_up gauge
inboxwire_database_up 1
`;

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly fleet: FleetGaugesService,
  ) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Metrics, as Prometheus reads them' })
  @ApiOkResponse({
    description: 'Every metric of this process, and those of the whole service',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  async show(): Promise<string> {
    await this.fleet.refresh();
    return this.metrics.registry.metrics();
  }
}
