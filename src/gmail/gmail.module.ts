import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailApiClient } from './gmail-api.client';

/** Speaks to the Gmail API and stores nothing. Sync reads history with it, watch watches, connection asks who somebody is. */
@Module({
  imports: [AuthModule],
  providers: [GmailApiClient],
  exports: [GmailApiClient],
})
export class GmailModule {}
