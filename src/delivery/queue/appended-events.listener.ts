import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { EventLogService } from '../../event/log/event-log.service';
import { CursorMaintenanceStore } from './cursor-maintenance.store';
import { MissedEventStore } from './missed-event.store';

/** Makes delivery cursors due with each append, in its transaction, and keeps what leaves the log undelivered. */
@Injectable()
export class AppendedEventsListener {
  constructor(
    log: EventLogService,
    cursors: CursorMaintenanceStore,
    missed: MissedEventStore,
    jobs: BackgroundJobs,
  ) {
    log.listen({
      appended: (on, appended) => cursors.appended(on, appended),
      left: (on, events) => missed.left(on, events),
      committed: () => jobs.wake('delivery'),
    });
  }
}
