import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module';
import { EventModule } from '../event/event.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { SyncModule } from '../sync/sync.module';
import { WatchModule } from '../watch/watch.module';
import { CallbackService } from './callback.service';
import { ConnectController } from './connect.controller';
import { ConnectService } from './connect.service';
import { ConnectSessionController } from './connect-session.controller';
import { ConnectSessionEntity } from './connect-session.entity';
import { ConnectSessionService } from './connect-session.service';
import { ConnectionService } from './connection.service';
import { ConsentService } from './consent.service';
import { DisconnectEntity } from './disconnect.entity';
import { DisconnectJob } from './disconnect.job';
import { DisconnectQueueService } from './disconnect-queue.service';
import { DisconnectService } from './disconnect.service';
import { DisconnectStepsService } from './disconnect-steps.service';
import { LinkService } from './link.service';
import { MailboxController } from './mailbox.controller';
import { MailboxLifeService } from './mailbox-life.service';
import { MailboxViewService } from './mailbox-view.service';

/**
 * Owns how a mailbox begins and ends: the one-time links, the way back from Google, the disconnects; and the mailboxes
 * API. It stands on top of the modules that it brings together, and none of them knows it.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([ConnectSessionEntity, DisconnectEntity]),
    AuthModule,
    EventModule,
    GmailModule,
    MailboxModule,
    SyncModule,
    WatchModule,
  ],
  controllers: [ConnectController, ConnectSessionController, MailboxController],
  providers: [
    CallbackService,
    ConnectService,
    ConnectSessionService,
    ConnectionService,
    ConsentService,
    DisconnectJob,
    DisconnectQueueService,
    DisconnectService,
    DisconnectStepsService,
    LinkService,
    MailboxLifeService,
    MailboxViewService,
  ],
})
export class ConnectionModule {}
