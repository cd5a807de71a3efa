import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { GmailModule } from '../gmail/gmail.module';
import { MailboxModule } from '../mailbox/mailbox.module';
import { SyncModule } from '../sync/sync.module';
import { MailAccessService } from './mail-access.service';
import { MailReaderService } from './mail-reader.service';
import { MailController } from './mail.controller';

/** Owns nothing: reads messages, attachments and labels from Gmail for the application. It uses sync only to record that a grant is dead. */
@Module({
  imports: [AuthModule, GmailModule, MailboxModule, SyncModule],
  controllers: [MailController],
  providers: [MailAccessService, MailReaderService],
})
export class MailModule {}
