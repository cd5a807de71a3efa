import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EventLogService } from '../../event/log/event-log.service';
import { MissedEventStore } from './missed-event.store';

/** Looks for cursors that an append has made due (`raise_delivery_cursors`), and keeps what leaves the log undelivered. */
@Injectable()
export class AppendedEventsListener {
  constructor(log: EventLogService, missed: MissedEventStore, jobs: BackgroundJobs) {
    log.listen({
      left: (on, events) => missed.left(on, events),
      committed: () => jobs.wake('delivery'),
    });
  }
}
