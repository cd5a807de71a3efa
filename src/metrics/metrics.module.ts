import { Module } from '@nestjs/common';
import { FleetStore } from './fleet.store';
import { FleetGaugesService } from './fleet-gauges.service';
import { MetricsController } from './metrics.controller';
import { ProcessGaugesService } from './process-gauges.service';

/** Shows what everyone counts, and reads from the database how all stands. Imported by nobody but the application. */
@Module({
  controllers: [MetricsController],
  providers: [FleetStore, FleetGaugesService, ProcessGaugesService],
})
export class MetricsModule {}
