import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventController } from './event.controller';
import { EventEntity, MailboxSequenceEntity } from './event.entity';
import { EventLogService } from './event-log.service';
import { EventPageStore } from './event-page.store';
import { EventReaderService } from './event-reader.service';
import { EventStreamController } from './event-stream.controller';
import { EventStreamService } from './event-stream.service';
import { LogHeadService } from './log-head.service';

/** Owns the log: append within a transaction, read from a cursor, list, stream. Sync, watch and connection append; delivery reads. */
@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, MailboxSequenceEntity])],
  controllers: [EventStreamController, EventController],
  providers: [EventLogService, EventPageStore, EventReaderService, EventStreamService, LogHeadService],
  exports: [EventLogService, EventReaderService],
})
export class EventModule {}
