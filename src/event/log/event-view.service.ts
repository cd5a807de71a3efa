import { Injectable } from '@nestjs/common';
import { InvalidValueError } from '../../common/inboxwire.error';
import { readTime } from '../../http/validation';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import { type EventPage, EventReaderService, MAX_PAGE_BYTES } from './event-reader.service';
import { type EventView, EventViewStore } from './event-view.store';
import { toEvent } from './event.row';
import { LogPositionStore } from './log-position.store';

/** The log for people: newest first, or of a time. Programs follow it by `EventReaderService.list`. */
@Injectable()
export class EventViewService {
  constructor(
    private readonly store: EventViewStore,
    private readonly positions: LogPositionStore,
    private readonly events: EventReaderService,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /**
   * @param view its times in RFC 3339
   * @param after the last event of the page before; with the newest first, what is older follows
   * @throws CursorExpiredError when `after` is not in the log; ValidationFailedError when there is no such mailbox; InvalidValueError
   *   for times that do not exist, or of which none lies between
   */
  async list(view: EventView<string>, after: string | undefined, limit: number): Promise<EventPage> {
    const [since, until] = [time('since', view.since), time('until', view.until)];
    if (since !== undefined && until !== undefined && since >= until)
      throw new InvalidValueError('until', 'until must be later than since');
    await this.mailboxes.require('mailboxId', view.mailboxId);
    const from = after === undefined ? undefined : await this.positions.of(after);
    if (view.order === 'asc' || from === undefined) await this.events.waitForHidden();
    const size = { events: limit, bytes: MAX_PAGE_BYTES };
    const { rows, last } = await this.store.page({ ...view, since, until }, from, size);
    const none = view.order === 'asc' ? (after ?? null) : null;
    return { data: rows.map(toEvent), nextCursor: last?.id ?? none };
  }
}

/** A `Date` and no text: PostgreSQL writes years before 1 and after 9999 in its own way. */
function time(path: string, text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(readTime(path, text));
}
