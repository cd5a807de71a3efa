import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailApiClient } from './client/gmail-api.client';
import { MessageBytesClient } from './client/message-bytes.client';
import { BudgetStore } from './quota/budget.store';
import { BudgetAllocator } from './quota/budget-allocator.service';
import { QuotaService } from './quota/quota.service';

/**
 * Speaks to the Gmail API, within its quota, and makes sense of the messages that it gives; owns what was spent of the quota and the
 * waits that Google asked for, and stores nothing else. Sync reads history with it, mail reads messages, watch watches, connection asks
 * who somebody is.
 */
@Module({
  imports: [AuthModule],
  providers: [GmailApiClient, BudgetStore, BudgetAllocator, MessageBytesClient, QuotaService],
  exports: [GmailApiClient, MessageBytesClient, QuotaService],
})
export class GmailModule {}
