import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import type { EventFilter, InboxwireEvent } from '../event.types';
import { EventPageStore, type PageSize } from './event-page.store';
import { toEvent, toEventWithProvenance } from './event.row';
import { BEGINNING, type LogPosition } from './log-position';
import { LogPositionStore } from './log-position.store';
import { type MailboxEvents, MailboxEventStore, toMailboxEvents } from './mailbox-event.store';

/** A page ends early rather than hold much more than so many bytes: an event of a strange mail can have several millions. */
export const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** How long a list waits for older transactions, and until it polls first: twice as long each time. */
const MAX_WAIT_MS = 1_000;
const FIRST_WAIT_MS = 4;

export interface EventPage {
  data: InboxwireEvent[];
  nextCursor: string | null;
}

/** The read side of the log, in the one order that never changes. */
@Injectable()
export class EventReaderService {
  /** The horizon that somebody has waited for without success: it is a long transaction, and nobody else waits for it. */
  private stuckAt: bigint | undefined;

  constructor(
    private readonly pages: EventPageStore,
    private readonly positions: LogPositionStore,
    private readonly ofMailboxes: MailboxEventStore,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /**
   * The events after one of them, oldest first; fewer than `limit` when they are very large. Reading page by page while
   * others append never misses an event: only what no running transaction can still precede is shown. Whoever asks
   * after a commit finds it, unless a transaction that began earlier lasts for a second more.
   *
   * @throws CursorExpiredError when `after` is not in the log; ValidationFailedError when there is no such mailbox
   */
  async list(after: string | undefined, filter: EventFilter, limit: number): Promise<EventPage> {
    await this.mailboxes.require('mailboxId', filter.mailboxId);
    const start = after === undefined ? BEGINNING : await this.positions.shown(after);
    const read = () => this.pages.after(start, filter, { events: limit, bytes: MAX_PAGE_BYTES });
    let page = await read();
    const isWhole = page.rows.length === limit || page.passed !== undefined;
    if (!isWhole && (await this.waitForHidden())) page = await read();
    // Without events it goes on behind what the filter left out.
    const last = page.rows.at(-1)?.id ?? page.passed?.id ?? start.id ?? null;
    return { data: page.rows.map(toEvent), nextCursor: last };
  }

  /** Where an event stands in the log. @throws CursorExpiredError when the log does not hold it */
  position(id: string): Promise<LogPosition> {
    return this.positions.of(id);
  }

  /** Whether the log holds an event. */
  async holds(id: string): Promise<boolean> {
    return isId('evt', id) && (await this.ofMailboxes.get(id)) !== undefined;
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<InboxwireEvent> {
    const row = isId('evt', id) ? await this.ofMailboxes.get(id) : undefined;
    if (!row) throw new NotFoundError('event', id);
    return toEventWithProvenance(row);
  }

  /**
   * Events of one mailbox after a `sequence`, in order; what a delivery cursor reads. All of them are committed.
   *
   * @param size.bytes the first event is there however large it is
   */
  async ofMailbox(
    mailboxId: string,
    after: bigint,
    types: string[],
    size: Required<PageSize>,
  ): Promise<MailboxEvents> {
    return toMailboxEvents(await this.ofMailboxes.page({ mailboxId, after, types, ...size }), size);
  }

  /** Whether the mailbox has ever had an event, also when none is left. */
  hasEver(mailboxId: string): Promise<boolean> {
    return this.ofMailboxes.hasEver(mailboxId);
  }

  /** Waits until what is committed now is shown. @returns whether it is worth reading again */
  async waitForHidden(): Promise<boolean> {
    const { newest, horizon } = await this.positions.ends();
    if (newest < horizon || horizon === this.stuckAt) return false;
    const deadline = performance.now() + MAX_WAIT_MS;
    for (let wait = FIRST_WAIT_MS; performance.now() < deadline; wait *= 2) {
      await delay(wait);
      if ((await this.positions.ends()).horizon > newest) return true;
    }
    this.stuckAt = horizon;
    return true;
  }
}
