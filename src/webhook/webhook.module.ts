import { Module } from '@nestjs/common';
import { SyncModule } from '../sync/sync.module';
import { GoogleKeysService } from './google-keys.service';
import { PushTokenService } from './push-token.service';
import { WebhookController } from './webhook.controller';
import { WebhookService } from './webhook.service';

/** Owns the inbound push: verify, decode, commit the hint, 204. It wakes sync, and nobody imports it. */
@Module({
  imports: [SyncModule],
  controllers: [WebhookController],
  providers: [GoogleKeysService, PushTokenService, WebhookService],
})
export class WebhookModule {}
