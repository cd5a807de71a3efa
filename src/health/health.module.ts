import { Module } from '@nestjs/common';
import { WatchModule } from '../watch/watch.module';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';

/** Looks at everything and is looked at by nobody but those who ask whether the service is up. */
@Module({
  imports: [WatchModule],
  controllers: [HealthController],
  providers: [HealthService],
})
export class HealthModule {}
