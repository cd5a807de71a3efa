import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventController } from './event.controller';
import { EventEntity, MailboxSequenceEntity } from './event.entity';
import { EventLogService } from './event-log.service';
import { EventReaderService } from './event-reader.service';

/** Owns the log: append within a transaction, read from a cursor. Sync, watch and connection append; delivery reads. */
@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, MailboxSequenceEntity])],
  controllers: [EventController],
  providers: [EventLogService, EventReaderService],
  exports: [EventLogService, EventReaderService],
})
export class EventModule {}
