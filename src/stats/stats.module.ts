import { Module } from '@nestjs/common';
import { ActivityJob } from './activity.job';
import { ActivityService } from './activity.service';
import { StatsController } from './stats.controller';
import { StatsService } from './stats.service';
import { StatsStore } from './stats.store';

/** Owns the numbers of the whole fleet over time. What is counted stands in `observability`; the console shows it. */
@Module({
  controllers: [StatsController],
  providers: [StatsStore, ActivityService, ActivityJob, StatsService],
  exports: [StatsService],
})
export class StatsModule {}
