import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { BackgroundJobs } from './background-jobs';
import { Draining } from './draining.service';

/** Owns the life of all background work: the jobs by name, and their end. Everyone may use it. */
@Global()
@Module({
  imports: [ScheduleModule.forRoot()],
  providers: [Draining, BackgroundJobs],
  exports: [Draining, BackgroundJobs],
})
export class BackgroundModule {}
