import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { describeError } from '../../common/describe-error';
import { SingleFlight } from '../../background/single-flight';
import { ChannelListener } from '../../database/channel-listener.service';
import { eventFrame } from './event-frame';
import { EventPageStore } from '../log/event-page.store';
import { type EventRow, toEvent } from '../log/event.row';
import { EventWindow, type WindowEntry } from './event-window';
import type { LogPosition } from '../log/log-position';
import { LogPositionStore, toPosition } from '../log/log-position.store';

/** Somebody who reads the log as it grows. */
export interface TailSubscriber {
  /** Called when something was appended. Must not throw. */
  wake: () => void;
}

const MAX_WINDOW = { events: 1_000, bytes: 8 * 1024 * 1024 };
const PAGE = { events: 500, bytes: 1024 * 1024 };

/** How often it polls although nobody has woken it: messages between replicas can be lost. */
const POLL_INTERVAL_MS = 1_000;

/** How long it waits for events that an older transaction hides; twice as long each time. */
const FIRST_WAIT_MS = 2;
const MAX_WAIT_MS = 100;

/**
 * Reads the end of the log once for all readers in this process, and only while there are any. Woken by the
 * `inboxwire_events` channel.
 *
 * A commit may wake it while an older transaction still hides it, and the end of that one wakes nobody. So a poll that
 * finds events which it may not show yet is repeated until it may.
 */
@Injectable()
export class LogTailService implements OnModuleInit {
  private readonly logger = new Logger(LogTailService.name);
  private readonly subscribers = new Set<TailSubscriber>();
  private readonly polls = new SingleFlight(() => this.read());
  private window: EventWindow | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private wait = FIRST_WAIT_MS;
  private failing = false;

  constructor(
    private readonly pages: EventPageStore,
    private readonly positions: LogPositionStore,
    private readonly channels: ChannelListener,
  ) {}

  onModuleInit(): void {
    this.channels.on('inboxwire_events', () => this.wake());
  }

  /**
   * Reads along until `leave`.
   *
   * @returns the subscriber, whose `wake` is the caller's to set, and the end of the log at some moment since the call
   */
  async join(): Promise<{ subscriber: TailSubscriber; end: LogPosition }> {
    const subscriber: TailSubscriber = { wake: () => undefined };
    this.subscribers.add(subscriber);
    this.timer ??= setInterval(() => this.wake(), POLL_INTERVAL_MS);
    try {
      await this.polls.run();
      return { subscriber, end: this.end };
    } catch (error) {
      this.leave(subscriber);
      throw error;
    }
  }

  leave(subscriber: TailSubscriber): void {
    this.subscribers.delete(subscriber);
    if (this.subscribers.size > 0) return;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    this.timer = undefined;
    this.window = undefined;
  }

  /** How far the log is known. Only for subscribers that have joined. */
  get end(): LogPosition {
    return this.window!.end;
  }

  /** What comes after the position; undefined when that is to be read from the database. Only for subscribers that have joined. */
  after(position: LogPosition): WindowEntry[] | undefined {
    return this.window!.after(position);
  }

  private wake(): void {
    if (this.subscribers.size === 0) return;
    // What failed is tried again by the poll at the latest.
    this.polls.run().then(
      () => (this.failing = false),
      (error: unknown) => {
        if (!this.failing) this.logger.warn({ error: describeError(error) }, 'cannot read the log');
        this.failing = true;
      },
    );
  }

  private async read(): Promise<void> {
    clearTimeout(this.retry);
    const window = (this.window ??= new EventWindow(await this.positions.end(), MAX_WINDOW));
    let found = true;
    let more = true;
    while (found && more && this.subscribers.size > 0) {
      const rows = await this.pages.next(window.end, PAGE);
      window.append(rows.map(toEntry));
      if (rows.some(({ type }) => type === 'mailbox.erased')) window.forget();
      found = rows.length > 0;
      if (found) for (const subscriber of this.subscribers) subscriber.wake();
      more = await this.positions.hasMore(window.end);
    }
    if (this.subscribers.size === 0) this.window = undefined;
    else if (more) this.pollAgain();
    else this.wait = FIRST_WAIT_MS;
  }

  private pollAgain(): void {
    this.retry = setTimeout(() => this.wake(), this.wait);
    this.wait = Math.min(2 * this.wait, MAX_WAIT_MS);
  }
}

function toEntry(row: EventRow): WindowEntry {
  return {
    position: toPosition(row),
    mailboxId: row.mailbox_id,
    type: row.type,
    frame: eventFrame(toEvent(row)),
  };
}
