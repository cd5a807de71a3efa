import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module';
import { EventModule } from '../event/event.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { SyncModule } from '../sync/sync.module';
import { WatchModule } from '../watch/watch.module';
import { CodeRedemptionService } from './connect/code-redemption.service';
import { ConnectFlowService } from './connect/connect-flow.service';
import { ConnectController } from './connect/connect.controller';
import { ConnectResponseService } from './connect/connect-response.service';
import { ConsentUrlService } from './connect/consent-url.service';
import { ConnectPagesService } from './pages/connect-pages.service';
import { ConnectService } from './connect/connect.service';
import { ConnectSessionController } from './connect/connect-session.controller';
import { ConnectSessionEntity } from './connect/connect-session.entity';
import { ConnectSessionService } from './connect/connect-session.service';
import { ConnectionService } from './mailboxes/connection.service';
import { ConsentService } from './connect/consent.service';
import { DisplacedMailboxService } from './lifecycle/displaced-mailbox.service';
import { OneExchangeService } from './connect/one-exchange.service';
import { ConnectSessionErasureStore } from './erasure/connect-session-erasure.store';
import { ErasureEntity } from './erasure/erasure.entity';
import { ErasureJob } from './erasure/erasure.job';
import { ErasureQueueStore } from './erasure/erasure-queue.store';
import { ErasureRunService } from './erasure/erasure-run.service';
import { DisconnectEntity } from './lifecycle/disconnect.entity';
import { DisconnectJob } from './lifecycle/disconnect.job';
import { DisconnectQueueStore } from './lifecycle/disconnect-queue.store';
import { DisconnectStepsService } from './lifecycle/disconnect-steps.service';
import { ConnectSessionStore } from './connect/connect-session.store';
import { MailboxController } from './mailboxes/mailbox.controller';
import { MailboxLifeService } from './lifecycle/mailbox-life.service';
import { MailboxSearchService } from './mailboxes/mailbox-search.service';
import { MailboxViewService } from './mailboxes/mailbox-view.service';
import { FirstWatchService } from './lifecycle/first-watch.service';
import { DelegatedGrantService } from './workspace/delegated-grant.service';
import { DelegatedMailboxService } from './workspace/delegated-mailbox.service';
import { WorkspaceApiService } from './workspace/workspace-api.service';
import { WorkspaceController } from './workspace/workspace.controller';
import { WorkspaceService } from './workspace/workspace.service';

/**
 * Owns how a mailbox begins and ends: the one-time links, the way back from Google, the mailboxes of a Workspace, the disconnects; and the mailboxes
 * API. It stands on top of the modules that it brings together, and only `mcp` knows it.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([ConnectSessionEntity, DisconnectEntity, ErasureEntity]),
    AuthModule,
    EventModule,
    GmailModule,
    MailboxModule,
    SyncModule,
    WatchModule,
  ],
  controllers: [ConnectController, ConnectSessionController, MailboxController, WorkspaceController],
  providers: [
    CodeRedemptionService,
    ConnectFlowService,
    ConnectPagesService,
    ConnectResponseService,
    ConsentUrlService,
    ConnectService,
    ConnectSessionService,
    ConnectSessionStore,
    ConnectionService,
    ConsentService,
    DelegatedGrantService,
    DelegatedMailboxService,
    DisconnectJob,
    DisplacedMailboxService,
    ConnectSessionErasureStore,
    ErasureJob,
    ErasureQueueStore,
    ErasureRunService,
    FirstWatchService,
    OneExchangeService,
    DisconnectQueueStore,
    DisconnectStepsService,
    MailboxLifeService,
    MailboxSearchService,
    MailboxViewService,
    WorkspaceApiService,
    WorkspaceService,
  ],
  exports: [ConnectionService],
})
export class ConnectionModule {}
