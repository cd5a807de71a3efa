import { Injectable } from '@nestjs/common';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import type { EventFilter } from '../event.types';
import type { EventPage } from './event-reader.service';
import { toEvent } from './event.row';
import { LogPositionStore } from './log-position.store';
import { NewestEventStore } from './newest-event.store';

/** The log from its end: what people look at. Applications read it from a cursor, by `EventReaderService`. */
@Injectable()
export class NewestEventsService {
  constructor(
    private readonly events: NewestEventStore,
    private readonly positions: LogPositionStore,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /**
   * The newest events first, before the given one. `nextCursor` is the event before which to go on; null when there are no more.
   *
   * @throws CursorExpiredError when the log does not hold `before`; ValidationFailedError when there is no such mailbox
   */
  async list(before: string | undefined, filter: EventFilter, limit: number): Promise<EventPage> {
    await this.mailboxes.require('mailboxId', filter.mailboxId);
    const position = before === undefined ? undefined : await this.positions.of(before);
    const rows = await this.events.page(position, filter, limit + 1);
    const data = rows.slice(0, limit).map(toEvent);
    if (rows.length > limit) return { data, nextCursor: data.at(-1)!.id };
    const end = filter.types ? await this.events.endOfLook(position, filter) : undefined;
    return { data, nextCursor: end ?? null };
  }
}
