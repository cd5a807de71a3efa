import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventController } from './event.controller';
import { EventEntity, MailboxSequenceEntity, ToldMessageEntity } from './event.entity';
import { EventLogService } from './event-log.service';
import { EventPageStore } from './event-page.store';
import { EventReaderService } from './event-reader.service';
import { EventStreamController } from './event-stream.controller';
import { EventStreamService } from './event-stream.service';
import { LogHeadService } from './log-head.service';
import { RetentionJob } from './retention.job';
import { RetentionService } from './retention.service';

/** Owns the log: append within a transaction, read from a cursor, list, stream. Sync, watch and connection append; delivery reads. */
@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, MailboxSequenceEntity, ToldMessageEntity])],
  controllers: [EventStreamController, EventController],
  providers: [
    EventLogService,
    EventPageStore,
    EventReaderService,
    EventStreamService,
    LogHeadService,
    RetentionJob,
    RetentionService,
  ],
  exports: [EventLogService, EventReaderService],
})
export class EventModule {}
