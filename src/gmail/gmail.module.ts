import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailApiClient } from './client/gmail-api.client';
import { GmailRequestService } from './client/gmail-request.service';
import { MessageClient } from './client/message.client';
import { MessageBytesClient } from './client/message-bytes.client';
import { KeptData } from '../erasure/kept-data';
import { BudgetStore } from './quota/budget.store';
import { MessageTextClient } from './client/message-text.client';
import { BudgetAllocator } from './quota/budget-allocator.service';
import { RefusalWait } from './client/refusal-wait';
import { QuotaService } from './quota/quota.service';

/**
 * Calls the Gmail API, within its quota, and reads the messages that it returns. Owns the usage of the quota and the throttles
 * that Google asked for, and stores nothing else. Sync reads history with it, mail reads messages, watch starts watches, and
 * connection asks whose account it is.
 */
@Module({
  imports: [AuthModule],
  providers: [
    BudgetAllocator,
    BudgetStore,
    GmailApiClient,
    GmailRequestService,
    MessageBytesClient,
    MessageClient,
    MessageTextClient,
    QuotaService,
    RefusalWait,
  ],
  exports: [GmailApiClient, MessageBytesClient, QuotaService],
})
export class GmailModule {
  constructor(kept: KeptData) {
    kept.addRows({ table: 'gmail_budgets', where: 'name = $1' });
  }
}
