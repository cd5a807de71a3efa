import { Module } from '@nestjs/common';
import { PullModule } from '../pubsub/pull/pull.module';
import { WatchModule } from '../watch/watch.module';
import { EventModule } from '../event/event.module';
import { READINESS_PROVIDERS } from './checks/all-readiness-checks';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';

/** Reads how everything is; only those who ask whether the service is up use it. */
@Module({
  imports: [EventModule, PullModule, WatchModule],
  controllers: [HealthController],
  providers: [...READINESS_PROVIDERS, HealthService],
})
export class HealthModule {}
