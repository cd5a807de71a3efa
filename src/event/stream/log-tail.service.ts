import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { describeError } from '../../common/describe-error';
import { SingleFlight } from '../../background/single-flight';
import { ChannelListener } from '../../database/channel-listener.service';
import { eventFrame } from './event-frame';
import { EventPageStore, toPlace } from '../log/event-page.store';
import { type EventRow, toEvent } from '../log/event.row';
import { EventWindow, type WindowEntry } from './event-window';
import type { LogPosition } from '../log/log-position';

/** Somebody who reads the log as it grows. */
export interface HeadReader {
  /** Called when something was appended. Must not throw. */
  wake: () => void;
}

const WINDOW = { events: 1_000, bytes: 8 * 1024 * 1024 };
const PAGE = { events: 500, bytes: 1024 * 1024 };

/** How often, in milliseconds, it looks although nobody has told of anything: messages between replicas can be lost. */
const POLL_INTERVAL = 1_000;

/** How long, in milliseconds, it waits for events that an older transaction hides; twice as long each time. */
const FIRST_WAIT = 2;
const LONGEST_WAIT = 100;

/**
 * Reads the end of the log once for all readers in this process, and only while there are any. Woken by the
 * `inboxwire_events` channel.
 *
 * A commit may be told of while an older transaction still hides it, and the end of that one is told by nobody. So a
 * look that finds events which it may not show yet is repeated until it may.
 */
@Injectable()
export class LogTailService implements OnModuleInit {
  private readonly logger = new Logger(LogTailService.name);
  private readonly readers = new Set<HeadReader>();
  private readonly looks = new SingleFlight(() => this.look());
  private window: EventWindow | undefined;
  private poll: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private wait = FIRST_WAIT;
  private failing = false;

  constructor(
    private readonly pages: EventPageStore,
    private readonly channels: ChannelListener,
  ) {}

  onModuleInit(): void {
    this.channels.on('inboxwire_events', () => this.wake());
  }

  /**
   * Reads along until `leave`.
   *
   * @returns the reader, whose `wake` is the caller's to set, and the end of the log at some moment since the call
   */
  async join(): Promise<{ reader: HeadReader; end: LogPosition }> {
    const reader: HeadReader = { wake: () => undefined };
    this.readers.add(reader);
    this.poll ??= setInterval(() => this.wake(), POLL_INTERVAL);
    try {
      await this.looks.run();
      return { reader, end: this.end };
    } catch (error) {
      this.leave(reader);
      throw error;
    }
  }

  leave(reader: HeadReader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    clearInterval(this.poll);
    clearTimeout(this.retry);
    this.poll = undefined;
    this.window = undefined;
  }

  /** How far the log is known. Only for readers that have joined. */
  get end(): LogPosition {
    return this.window!.end;
  }

  /** What comes after the place; undefined when that is to be read from the database. Only for readers that have joined. */
  after(place: LogPosition): WindowEntry[] | undefined {
    return this.window!.after(place);
  }

  private wake(): void {
    if (this.readers.size === 0) return;
    // What failed is tried again by the poll at the latest.
    this.looks.run().then(
      () => (this.failing = false),
      (error: unknown) => {
        if (!this.failing) this.logger.warn({ error: describeError(error) }, 'cannot read the log');
        this.failing = true;
      },
    );
  }

  private async look(): Promise<void> {
    clearTimeout(this.retry);
    const window = (this.window ??= new EventWindow(await this.pages.end(), WINDOW));
    let found = true;
    let more = true;
    while (found && more && this.readers.size > 0) {
      const rows = await this.pages.next(window.end, PAGE);
      window.append(rows.map(toEntry));
      found = rows.length > 0;
      if (found) for (const reader of this.readers) reader.wake();
      more = await this.pages.hasMore(window.end);
    }
    if (this.readers.size === 0) this.window = undefined;
    else if (more) this.lookAgain();
    else this.wait = FIRST_WAIT;
  }

  private lookAgain(): void {
    this.retry = setTimeout(() => this.wake(), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }
}

function toEntry(row: EventRow): WindowEntry {
  return { place: toPlace(row), mailboxId: row.mailbox_id, type: row.type, frame: eventFrame(toEvent(row)) };
}
