import { Injectable } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { CursorBacklogStore } from './cursor-backlog.store';
import { MissedEventStore } from './missed-event.store';

/** Keeps what leaves the log undelivered, and reports what of it waits. */
@Injectable()
export class LeftEventsListener {
  constructor(log: EventLogService, missed: MissedEventStore, backlog: CursorBacklogStore) {
    log.listen({ left: (on, events) => missed.left(on, events) });
    log.askForBacklog((mailboxId) => backlog.of(mailboxId));
  }
}
