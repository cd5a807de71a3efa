import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MailboxModule } from '../mailbox/mailbox.module';
import { EventController } from './api/event.controller';
import { EventEntity, MailboxSequenceEntity, SeenMessageEntity } from './log/event.entity';
import { EventLogService } from './log/event-log.service';
import { EventErasureStore } from './log/event-erasure.store';
import { EventAppendStore } from './log/event-append.store';
import { EventPageStore } from './log/event-page.store';
import { EventTrimStore } from './log/event-trim.store';
import { LogLagJob } from './log/log-lag.job';
import { LogLagService } from './log/log-lag.service';
import { LogLagStore } from './log/log-lag.store';
import { LogPositionStore } from './log/log-position.store';
import { MailboxEventStore } from './log/mailbox-event.store';
import { NewestEventStore } from './log/newest-event.store';
import { NewestEventsService } from './log/newest-events.service';
import { EventReaderService } from './log/event-reader.service';
import { EventViewService } from './log/event-view.service';
import { EventViewStore } from './log/event-view.store';
import { EventStreamController } from './api/event-stream.controller';
import { CatchUpService } from './stream/catch-up.service';
import { EventStreamService } from './stream/event-stream.service';
import { LogTailService } from './stream/log-tail.service';
import { NextEventService } from './stream/next-event.service';
import { RetentionJob } from './log/retention.job';
import { RetentionService } from './log/retention.service';

/** Owns the log: append within a transaction, read from a cursor, list, stream. Sync, watch and connection append; delivery reads. */
@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, MailboxSequenceEntity, SeenMessageEntity]), MailboxModule],
  controllers: [EventStreamController, EventController],
  providers: [
    CatchUpService,
    EventAppendStore,
    EventErasureStore,
    EventLogService,
    EventPageStore,
    EventTrimStore,
    LogLagJob,
    LogLagService,
    LogLagStore,
    LogPositionStore,
    MailboxEventStore,
    NewestEventStore,
    NewestEventsService,
    EventReaderService,
    EventViewService,
    EventViewStore,
    EventStreamService,
    LogTailService,
    NextEventService,
    RetentionJob,
    RetentionService,
  ],
  exports: [EventLogService, EventReaderService, LogLagService, NextEventService],
})
export class EventModule {}
