import { Global, Module } from '@nestjs/common';
import { BackgroundJobs } from './background-jobs';
import { Draining } from './draining.service';

/** Owns the life of all background work: the list of running loops, and their end. Everyone may use it. */
@Global()
@Module({ providers: [Draining, BackgroundJobs], exports: [Draining, BackgroundJobs] })
export class BackgroundModule {}
