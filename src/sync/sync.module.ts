import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventModule } from '../event/event.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { BackfillClaimService } from './backfill/backfill-claim.service';
import { BackfillCommitService } from './backfill/backfill-commit.service';
import { BackfillEntity } from './backfill/backfill.entity';
import { BackfillJob } from './backfill/backfill.job';
import { BackfillListsService } from './backfill/backfill-lists.service';
import { BackfillRunService } from './backfill/backfill-run.service';
import { BackfillService } from './backfill/backfill.service';
import { BackfillStore } from './backfill/backfill.store';
import { CursorLifecycleStore } from './cursor/cursor-lifecycle.store';
import { CursorPositionStore } from './cursor/cursor-position.store';
import { HintStore } from './cursor/hint.store';
import { DateRepairService } from './gap/date-repair.service';
import { FoundMessageService } from './gap/found-message.service';
import { RepairLogService } from './gap/repair-log.service';
import { AddressCheckService } from './cursor/address-check.service';
import { HintService } from './hint.service';
import { HistoryGapService } from './gap/history-gap.service';
import { HistoryReaderService } from './history-reader.service';
import { ListedMessageStore } from './snapshot/listed-message.store';
import { MailboxCursorEntity } from './cursor/mailbox-cursor.entity';
import { MailboxCursorService } from './mailbox-cursor.service';
import { MailboxStateService } from './snapshot/mailbox-state.service';
import { MessageEventService } from './history/message-event.service';
import { NotificationService } from './notification.service';
import { PoisonMessageDetector } from './history/poison-message-detector';
import { MissingMessageService } from './history/missing-message.service';
import { MessagesByDateService } from './gap/messages-by-date.service';
import { RecordCommitService } from './record-commit.service';
import { RunCommitStore } from './run-commit.store';
import { RecordEventService } from './record-event.service';
import { RecordChangeService } from './record-change.service';
import { OwnChangeEntity } from './history/own-change.entity';
import { OwnChangeService } from './own-change.service';
import { OwnChangeStore } from './history/own-change.store';
import { RepairMessageService } from './gap/repair-message.service';
import { ReauthorizationService } from './cursor/reauthorization.service';
import { SnapshotBuildService } from './snapshot/snapshot-build.service';
import { SnapshotBuildStore } from './snapshot/snapshot-build.store';
import {
  ListedMessageEntity,
  MailboxSnapshotEntity,
  SnapshotMessageEntity,
} from './snapshot/snapshot.entity';
import { SnapshotBuilder } from './snapshot/snapshot-builder.service';
import { SnapshotLifecycleStore } from './snapshot/snapshot-lifecycle.store';
import { SnapshotJob } from './snapshot/snapshot.job';
import { SnapshotRepairService } from './gap/snapshot-repair.service';
import { SnapshotStore } from './snapshot/snapshot.store';
import { SyncClaimStore } from './cursor/sync-claim.store';
import { SyncJob } from './sync.job';
import { SyncRunService } from './sync-run.service';
import { SyncService } from './sync.service';

/** Owns the mailbox cursor and its snapshot: history in, events out. Webhook hints at it; watch and connection set where it begins. */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      BackfillEntity,
      MailboxCursorEntity,
      MailboxSnapshotEntity,
      SnapshotMessageEntity,
      ListedMessageEntity,
      OwnChangeEntity,
    ]),
    GmailModule,
    MailboxModule,
    EventModule,
  ],
  providers: [
    AddressCheckService,
    BackfillClaimService,
    BackfillCommitService,
    BackfillJob,
    BackfillListsService,
    BackfillRunService,
    BackfillService,
    BackfillStore,
    CursorLifecycleStore,
    CursorPositionStore,
    DateRepairService,
    FoundMessageService,
    HintService,
    HintStore,
    HistoryGapService,
    HistoryReaderService,
    ListedMessageStore,
    MailboxCursorService,
    MailboxStateService,
    MessageEventService,
    MessagesByDateService,
    MissingMessageService,
    NotificationService,
    OwnChangeService,
    OwnChangeStore,
    PoisonMessageDetector,
    ReauthorizationService,
    RecordChangeService,
    RecordCommitService,
    RunCommitStore,
    RecordEventService,
    RepairMessageService,
    RepairLogService,
    SnapshotBuildService,
    SnapshotBuildStore,
    SnapshotBuilder,
    SnapshotJob,
    SnapshotLifecycleStore,
    SnapshotRepairService,
    SnapshotStore,
    SyncClaimStore,
    SyncJob,
    SyncRunService,
    SyncService,
  ],
  exports: [
    AddressCheckService,
    BackfillService,
    MailboxCursorService,
    NotificationService,
    OwnChangeService,
    ReauthorizationService,
  ],
})
export class SyncModule {}
