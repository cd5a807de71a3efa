import type { ServerResponse } from 'node:http';
import { commentFrame, eventFrame } from './event-frame';
import type { EventRows } from '../log/event-page.store';
import { toEvent } from '../log/event.row';
import { toPosition } from '../log/log-position.store';
import type { EventFilter } from '../event.types';
import { matches, type WindowEntry } from './event-window';
import { isAfter, type LogPosition } from '../log/log-position';

/** Where a reader gets the log from. */
export interface StreamSource {
  /** How far the log is known. */
  readonly end: LogPosition;
  /** What comes after a position, from memory; undefined when it has to be paged. */
  after(position: LogPosition): WindowEntry[] | undefined;
  /** The same from the database: a bounded page of what the filter lets through, or how far it let nothing through. */
  page(position: LogPosition, filter: EventFilter): Promise<EventRows>;
}

/** What the response is used for. */
export type StreamSink = Pick<
  ServerResponse,
  'write' | 'end' | 'destroy' | 'destroyed' | 'writableNeedDrain' | 'on'
>;

export interface StreamStart {
  filter: EventFilter;
  /** The last event that the client has; without one, where the log ended. The client knows it. */
  position: LogPosition;
}

/** After so many heartbeats during which nothing could be written, the reader is gone or hangs. */
const MAX_STALLED_HEARTBEATS = 3;

/** How long the last write may take. */
const LAST_WRITE_TIMEOUT_MS = 1_000;

/**
 * One reader of the stream. It has a position in the log and nothing else: what comes after it is taken from memory or,
 * when that does not reach back so far, from the database. So nothing can get lost between catching up and following.
 *
 * It stops at whatever the socket does not take, and goes on from its position when the socket has drained. What waits in
 * between is bounded by one page.
 */
export class StreamReader {
  /** Resolves when the connection is closed, by either side. */
  readonly closed: Promise<void>;
  private readonly filter: EventFilter;
  private position: LogPosition;
  /** The last event that the client knows to resume from. */
  private knownId: string | undefined;
  private catchingUp = false;
  private ended = false;
  private stalled = 0;

  constructor(
    private readonly sink: StreamSink,
    private readonly source: StreamSource,
    { filter, position }: StreamStart,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.filter = filter;
    this.position = position;
    this.knownId = position.id;
    sink.on('drain', () => this.drained());
    sink.on('error', () => sink.destroy());
    // The client may have gone before there was anything to listen to.
    this.closed = sink.destroyed ? Promise.resolve() : new Promise((resolve) => sink.on('close', resolve));
    void this.closed.then(() => (this.ended = true));
  }

  /** Sends what there is. To be called whenever there may be more. */
  wake(): void {
    while (!this.ended && !this.catchingUp && !this.sink.writableNeedDrain) {
      const entries = this.source.after(this.position);
      if (!entries) return void this.catchUp();
      if (entries.length === 0) return;
      this.follow(entries);
    }
  }

  /** Shows the client, and whatever is in between, that the connection lives; cuts it when nobody reads. */
  heartbeat(): void {
    if (this.ended) return;
    if (this.sink.writableNeedDrain) {
      if (++this.stalled >= MAX_STALLED_HEARTBEATS) this.sink.destroy();
      return;
    }
    this.sink.write(commentFrame('heartbeat', { id: this.newId() }));
  }

  /** @param retry milliseconds after which the client is to come back */
  end(retry: number): void {
    if (this.ended) return;
    this.ended = true;
    this.sink.end(commentFrame('the service is stopping: connect again', { id: this.newId(), retry }));
    setTimeout(() => this.sink.destroy(), LAST_WRITE_TIMEOUT_MS).unref();
  }

  private follow(entries: readonly WindowEntry[]): void {
    for (const entry of entries) {
      if (matches(this.filter, entry)) this.send(entry.frame, entry.position.id!);
      this.position = entry.position;
      if (this.sink.writableNeedDrain) return;
    }
  }

  private async catchUp(): Promise<void> {
    this.catchingUp = true;
    try {
      const { end } = this.source;
      const { rows, passed } = await this.source.page(this.position, this.filter);
      if (this.ended) return;
      for (const row of rows) this.send(eventFrame(toEvent(row)), row.id);
      const last = rows.at(-1);
      if (last) this.position = toPosition(last);
      else if (passed) this.position = passed;
      // Nothing is left to read: everything up to where the log was known has been read, or has left it.
      else if (isAfter(end, this.position)) this.position = end;
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

  /** How far it has read, when the client does not know from an event. */
  private newId(): string | undefined {
    const { id } = this.position;
    if (id === this.knownId) return undefined;
    this.knownId = id;
    return id;
  }

  private drained(): void {
    this.stalled = 0;
    this.wake();
  }
}
