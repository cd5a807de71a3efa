import { Module } from '@nestjs/common';
import { SyncModule } from '../../sync/sync.module';
import { PubsubModule } from '../pubsub.module';
import { PullHealthService } from './pull-health.service';
import { PullJob } from './pull.job';
import { PulledMessageService } from './pulled-message.service';

/** Owns the other way in: reads the subscription instead of being pushed to. It meets the webhook in the same hint. */
@Module({
  imports: [PubsubModule, SyncModule],
  providers: [PullHealthService, PullJob, PulledMessageService],
  exports: [PullHealthService],
})
export class PullModule {}
