import { Injectable } from '@nestjs/common';
import { EventLogService } from '../../event/log/event-log.service';
import { MissedEventStore } from './missed-event.store';

/** Keeps what leaves the log undelivered. */
@Injectable()
export class LeftEventsListener {
  constructor(log: EventLogService, missed: MissedEventStore) {
    log.listen({ left: (on, events) => missed.left(on, events) });
  }
}
