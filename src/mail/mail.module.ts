import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { SyncModule } from '../sync/sync.module';
import { BackfillApiService } from './backfill-api.service';
import { BackfillController } from './backfill.controller';
import { MailAccessService } from './mail-access.service';
import { MailReaderService } from './mail-reader.service';
import { MailController } from './mail.controller';
import { MessageLabelsService } from './message-labels.service';
import { MessageListService } from './message-list.service';

/**
 * Owns nothing: reads messages, attachments and labels from Gmail for the application, and changes labels. It asks sync for
 * backfills, and records there that a grant is dead.
 */
@Module({
  imports: [AuthModule, GmailModule, MailboxModule, SyncModule],
  controllers: [BackfillController, MailController],
  providers: [
    BackfillApiService,
    MailAccessService,
    MailReaderService,
    MessageLabelsService,
    MessageListService,
  ],
  exports: [MailReaderService, MessageLabelsService, MessageListService],
})
export class MailModule {}
