import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { HintService } from './hint.service';
import { HistoryGapService } from './history-gap.service';
import { HistoryReaderService } from './history-reader.service';
import { MailboxCursorEntity } from './mailbox-cursor.entity';
import { MailboxCursorService } from './mailbox-cursor.service';
import { MailboxStateService } from './mailbox-state.service';
import { MessageEventService } from './message-event.service';
import { MessageFaultService } from './message-fault.service';
import { MissedMessagesService } from './missed-messages.service';
import { RecordEventService } from './record-event.service';
import { ReauthorizationService } from './reauthorization.service';
import { SnapshotBuildService } from './snapshot-build.service';
import { SnapshotBuildStore } from './snapshot-build.store';
import { MailboxSnapshotEntity, SnapshotMessageEntity } from './snapshot.entity';
import { SnapshotJob } from './snapshot.job';
import { SnapshotRepairService } from './snapshot-repair.service';
import { SnapshotStore } from './snapshot.store';
import { SyncClaimStore } from './sync-claim.store';
import { SyncJob } from './sync.job';
import { SyncService } from './sync.service';

/** Owns the mailbox cursor and its snapshot: history in, events out. Webhook hints at it; watch and connection set where it begins. */
@Module({
  imports: [
    TypeOrmModule.forFeature([MailboxCursorEntity, MailboxSnapshotEntity, SnapshotMessageEntity]),
    GmailModule,
    MailboxModule,
    EventModule,
  ],
  providers: [
    HintService,
    HistoryGapService,
    HistoryReaderService,
    MailboxCursorService,
    MailboxStateService,
    MessageEventService,
    MessageFaultService,
    MissedMessagesService,
    RecordEventService,
    ReauthorizationService,
    SnapshotBuildService,
    SnapshotBuildStore,
    SnapshotJob,
    SnapshotRepairService,
    SnapshotStore,
    SyncClaimStore,
    SyncJob,
    SyncService,
  ],
  exports: [HintService, MailboxCursorService, ReauthorizationService],
})
export class SyncModule {}
