import type { ServerResponse } from 'node:http';
import { commentFrame, eventFrame } from './event-frame';
import { type EventRow, toEvent } from '../log/event.row';
import { toPlace } from '../log/event-page.store';
import type { EventFilter } from '../event.types';
import type { WindowEntry } from './event-window';
import { isAfter, type LogPosition } from '../log/log-position';

/** Where a reader gets the log from. */
export interface StreamSource {
  /** How far the log is known. */
  readonly end: LogPosition;
  /** What comes after a place, from memory; undefined when it has to be paged. */
  after(place: LogPosition): WindowEntry[] | undefined;
  /** The same from the database, a bounded page of what the filter lets through. */
  page(place: LogPosition, filter: EventFilter): Promise<EventRow[]>;
}

/** What the response is used for. */
export type StreamSink = Pick<
  ServerResponse,
  'write' | 'end' | 'destroy' | 'destroyed' | 'writableNeedDrain' | 'on'
>;

export interface StreamStart {
  filter: EventFilter;
  /** The last event that the client has; without one, where the log ended. The client knows it. */
  place: LogPosition;
}

/** After so many heartbeats during which nothing could be written, the reader is gone or hangs. */
const STALLED_HEARTBEATS = 3;

/** How long, in milliseconds, the last words may take. */
const LAST_WORDS = 1_000;

/**
 * One reader of the stream. It has a place in the log and nothing else: what comes after it is taken from memory or,
 * when that does not reach back so far, from the database. So nothing can get lost between catching up and following.
 *
 * It stops at whatever the socket does not take, and goes on from its place when the socket has drained. What waits in
 * between is bounded by one page.
 */
export class StreamReader {
  /** Resolves when the connection is closed, by whomever. */
  readonly closed: Promise<void>;
  private readonly filter: EventFilter;
  private place: LogPosition;
  /** The last event that the client knows to resume from. */
  private knownId: string | undefined;
  private catchingUp = false;
  private ended = false;
  private stalled = 0;

  constructor(
    private readonly sink: StreamSink,
    private readonly source: StreamSource,
    { filter, place }: StreamStart,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.filter = filter;
    this.place = place;
    this.knownId = place.id;
    sink.on('drain', () => this.drained());
    sink.on('error', () => sink.destroy());
    // The client may have gone before there was anything to listen to.
    this.closed = sink.destroyed ? Promise.resolve() : new Promise((resolve) => sink.on('close', resolve));
    void this.closed.then(() => (this.ended = true));
  }

  /** Sends what there is. To be called whenever there may be more. */
  wake(): void {
    while (!this.ended && !this.catchingUp && !this.sink.writableNeedDrain) {
      const entries = this.source.after(this.place);
      if (!entries) return void this.catchUp();
      if (entries.length === 0) return;
      this.follow(entries);
    }
  }

  /** Shows the client, and whatever is in between, that the connection lives; cuts it when nobody reads. */
  heartbeat(): void {
    if (this.ended) return;
    if (this.sink.writableNeedDrain) {
      if (++this.stalled >= STALLED_HEARTBEATS) this.sink.destroy();
      return;
    }
    this.sink.write(commentFrame('heartbeat', { id: this.newId() }));
  }

  /** @param retry milliseconds after which the client is to come back */
  end(retry: number): void {
    if (this.ended) return;
    this.ended = true;
    this.sink.end(commentFrame('the service is stopping: connect again', { id: this.newId(), retry }));
    setTimeout(() => this.sink.destroy(), LAST_WORDS).unref();
  }

  private follow(entries: readonly WindowEntry[]): void {
    for (const { place, mailboxId, type, frame } of entries) {
      if (this.wants(mailboxId, type)) this.send(frame, place.id!);
      this.place = place;
      if (this.sink.writableNeedDrain) return;
    }
  }

  private async catchUp(): Promise<void> {
    this.catchingUp = true;
    try {
      const { end } = this.source;
      const rows = await this.source.page(this.place, this.filter);
      if (this.ended) return;
      for (const row of rows) this.send(eventFrame(toEvent(row)), row.id);
      const last = rows.at(-1);
      if (last) this.place = toPlace(last);
      // Nothing is left that the filter lets through: everything up to where the log was known has been read.
      else if (isAfter(end, this.place)) this.place = end;
    } catch (error) {
      this.onFault(error);
      this.sink.destroy();
      return;
    } finally {
      this.catchingUp = false;
    }
    this.wake();
  }

  private send(frame: Buffer, id: string): void {
    this.sink.write(frame);
    this.knownId = id;
  }

  private wants(mailboxId: string | null, type: string): boolean {
    const { mailboxId: wanted, types } = this.filter;
    return (wanted === undefined || wanted === mailboxId) && (types?.includes(type) ?? true);
  }

  /** How far it has read, when the client does not know from an event. */
  private newId(): string | undefined {
    const { id } = this.place;
    if (id === this.knownId) return undefined;
    this.knownId = id;
    return id;
  }

  private drained(): void {
    this.stalled = 0;
    this.wake();
  }
}
