import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { SyncModule } from '../sync/sync.module';
import { WatchCallService } from './watch-call.service';
import { WatchEntity } from './watch.entity';
import { WatchOutcomeService } from './watch-outcome.service';
import { WatchRenewalJob } from './watch-renewal.job';
import { WatchRenewalService } from './watch-renewal.service';
import { WatchService } from './watch.service';
import { WatchStore } from './watch.store';

/** Owns the watches: start, replace, renew, stop. Connection starts and stops them; the renewal job keeps them alive. */
@Module({
  imports: [TypeOrmModule.forFeature([WatchEntity]), GmailModule, SyncModule, MailboxModule, EventModule],
  providers: [
    WatchCallService,
    WatchOutcomeService,
    WatchRenewalJob,
    WatchRenewalService,
    WatchService,
    WatchStore,
  ],
  exports: [WatchService],
})
export class WatchModule {}
