import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MailboxEntity } from './mailbox.entity';
import { MailboxReferenceService } from './mailbox-reference.service';
import { MailboxReferenceStore } from './mailbox-reference.store';
import { MailboxSearchStore } from './mailbox-search.store';
import { MailboxStore } from './mailbox.store';
import { MailboxService } from './mailbox.service';

/** Owns who a mailbox is: id, address, status. Everyone above may ask; it knows none of them. */
@Module({
  imports: [TypeOrmModule.forFeature([MailboxEntity])],
  providers: [
    MailboxService,
    MailboxStore,
    MailboxReferenceService,
    MailboxReferenceStore,
    MailboxSearchStore,
  ],
  exports: [MailboxService, MailboxReferenceService, MailboxSearchStore],
})
export class MailboxModule {}
