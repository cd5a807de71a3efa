import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailApiClient } from './gmail-api.client';
import { BudgetStore } from './quota/budget.store';
import { DrawService } from './quota/draw.service';
import { QuotaService } from './quota/quota.service';

/**
 * Speaks to the Gmail API, within its quota; owns what was spent of it and the waits that Google asked for, and stores nothing else. Sync reads history with it, watch watches, connection asks who somebody is.
 */
@Module({
  imports: [AuthModule],
  providers: [GmailApiClient, BudgetStore, DrawService, QuotaService],
  exports: [GmailApiClient, QuotaService],
})
export class GmailModule {}
