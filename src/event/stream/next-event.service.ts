import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import type { EventFilter, InboxwireEvent } from '../event.types';
import { toEvent } from '../log/event.row';
import { BEGINNING, isAfter, type LogPosition } from '../log/log-position';
import { LogPositionStore, toPosition } from '../log/log-position.store';
import { CatchUpService } from './catch-up.service';
import { matches } from './event-window';
import { eventIn } from './event-frame';
import { LogTailService, type TailSubscriber } from './log-tail.service';
import { WaiterSlots } from './waiter-slots';

/** The event that came, or null when none did; and where to go on in both cases. */
export interface NextEvent {
  event: InboxwireEvent | null;
  /** An event id; null when the log is empty. */
  cursor: string | null;
}

/** One of them costs a few KB, and holds nothing of the database while it waits. */
const MAX_WAITERS = { total: 2_000, ofCaller: 500 };

/** How far the log was read for somebody, and what was found there. */
interface Found {
  event?: InboxwireEvent;
  position: LogPosition;
  /** Nothing is to be read after it for now. */
  isAtEnd?: boolean;
}

/** Waits for one event, woken by the log and not by polling it. */
@Injectable()
export class NextEventService implements OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly slots = new WaiterSlots(MAX_WAITERS);

  constructor(
    private readonly positions: LogPositionStore,
    private readonly catchUps: CatchUpService,
    private readonly tail: LogTailService,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /**
   * The first event after another one. It is undefined when the wait has ended.
   *
   * @param after the event to go on from; null: the beginning of the log; undefined: its end
   * @param wait by whom and for how long; the signal ends it early
   * @throws CursorExpiredError when the log does not hold `after`; ValidationFailedError when there is no such mailbox;
   *   TooManyWaitersError
   */
  async after(
    after: string | null | undefined,
    filter: EventFilter,
    wait: { callerId: string; waitMs: number; signal: AbortSignal },
  ): Promise<NextEvent> {
    const leave = this.slots.take(wait.callerId);
    try {
      return await this.find(after, filter, wait);
    } finally {
      leave();
    }
  }

  private async find(
    after: string | null | undefined,
    filter: EventFilter,
    { waitMs, signal }: { waitMs: number; signal: AbortSignal },
  ): Promise<NextEvent> {
    await this.mailboxes.require('mailboxId', filter.mailboxId);
    const given = typeof after === 'string' ? await this.positions.shown(after) : BEGINNING;
    const { subscriber, end } = await this.tail.join();
    const over = AbortSignal.any([signal, this.stopping.signal, AbortSignal.timeout(waitMs)]);
    try {
      return await this.wait(subscriber, after === undefined ? end : given, filter, over);
    } finally {
      this.tail.leave(subscriber);
    }
  }

  /** Ends the waits first of all, so that their answers are sent while the rest stops. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async wait(
    subscriber: TailSubscriber,
    start: LogPosition,
    filter: EventFilter,
    over: AbortSignal,
  ): Promise<NextEvent> {
    over.addEventListener('abort', () => subscriber.wake(), { once: true });
    for (let from = start; ;) {
      // Set before anything is read, so that what is appended meanwhile wakes it.
      const woken = new Promise<void>((resolve) => (subscriber.wake = resolve));
      const { event, position, isAtEnd } = await this.first(from, filter);
      if (event || over.aborted) return { event: event ?? null, cursor: position.id ?? null };
      from = position;
      if (isAtEnd) await woken;
    }
  }

  /** From memory or, where that does not reach back so far, a page from the database. */
  private async first(from: LogPosition, filter: EventFilter): Promise<Found> {
    const entries = this.tail.after(from);
    if (entries) {
      const found = entries.find((entry) => matches(filter, entry));
      if (!found) return { position: entries.at(-1)?.position ?? from, isAtEnd: true };
      return { event: eventIn(found.frame), position: found.position };
    }
    const { end } = this.tail;
    const { rows, passed } = await this.catchUps.page(from, filter);
    const [row] = rows;
    if (row) return { event: toEvent(row), position: toPosition(row) };
    // Nothing is left to read: everything up to where the log was known has been read, or has left it.
    return { position: passed ?? (isAfter(end, from) ? end : from) };
  }
}
