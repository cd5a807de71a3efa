import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Batcher } from '../../background/batcher';
import { describeError } from '../../common/describe-error';
import { CursorExpiredError, StoppingError } from '../event.errors';
import { commentFrame } from './event-frame';
import { EventPageStore } from '../log/event-page.store';
import type { EventRow } from '../log/event.row';
import type { EventFilter } from '../event.types';
import { LogTailService } from './log-tail.service';
import type { LogPosition } from '../log/log-position';
import { StreamReader, type StreamSource } from './stream-reader';

/** Milliseconds. */
const HEARTBEAT = 15_000;
const RETRY = 1_000;
/** When a replica stops, its clients spread over so much time in coming back. */
const RETRY_SPREAD = 2_000;

/** What a reader that catches up holds at most, and how many read at once: the pool serves others too. */
const PAGE = { events: 100, bytes: 64 * 1024 };
const CATCHING_UP_AT_ONCE = 4;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  // When a replica stops, nobody is to come back on the same connection.
  connection: 'close',
};

/** The readers of `GET /v1/events/stream` that are connected to this process. */
@Injectable()
export class EventStreamService implements OnModuleDestroy {
  private readonly logger = new Logger(EventStreamService.name);
  private readonly readers = new Set<StreamReader>();
  private readonly catchUps = new Batcher<{ place: LogPosition; filter: EventFilter }, EventRow[]>(
    async ([wanted]) => [await this.pages.after(wanted!.place, wanted!.filter, PAGE)],
    { lanes: CATCHING_UP_AT_ONCE, maxItems: 1 },
  );
  private stopping = false;

  constructor(
    private readonly pages: EventPageStore,
    private readonly head: LogTailService,
  ) {}

  /**
   * The headers that a stream would begin with.
   *
   * @throws CursorExpiredError when the log does not hold `after`
   */
  async headers(after: string | undefined): Promise<typeof HEADERS> {
    if (after !== undefined) await this.pages.place(after);
    return HEADERS;
  }

  /**
   * Begins a stream. Nothing has been answered yet when it throws.
   *
   * @param after the last event that the client has; undefined: it begins with the next one
   * @param begin takes the response over once it is clear that there is something to stream
   * @throws CursorExpiredError when the log does not hold `after`
   */
  async open(after: string | undefined, filter: EventFilter, begin: () => ServerResponse): Promise<void> {
    const place = after === undefined ? undefined : await this.pages.place(after);
    const { reader: seat, end } = await this.head.join();
    if (this.stopping) {
      this.head.leave(seat);
      throw new StoppingError();
    }
    const response = begin();
    const start = { filter, place: place ?? end };
    const reader = new StreamReader(response, this.source(), start, (error) => this.tell(error));
    this.readers.add(reader);
    const heartbeat = setInterval(() => reader.heartbeat(), HEARTBEAT);
    void reader.closed.then(() => {
      clearInterval(heartbeat);
      this.head.leave(seat);
      this.readers.delete(reader);
    });
    response.writeHead(200, HEADERS);
    // Who named no event must know where it begins: its connection may break before the first one comes.
    response.write(commentFrame('connected', { retry: RETRY, id: place ? undefined : (end.id ?? '') }));
    seat.wake = () => reader.wake();
    reader.wake();
  }

  /** Ends the streams first of all, so that their readers are elsewhere while the rest stops. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    const readers = [...this.readers];
    for (const reader of readers) reader.end(RETRY + Math.round(Math.random() * RETRY_SPREAD));
    await Promise.all(readers.map(({ closed }) => closed));
  }

  private source(): StreamSource {
    const { head, catchUps } = this;
    return {
      get end() {
        return head.end;
      },
      after: (place) => head.after(place),
      page: (place, filter) => catchUps.add({ place, filter }),
    };
  }

  private tell(error: unknown): void {
    const reason = error instanceof CursorExpiredError ? 'fell behind the retention' : 'cannot catch up';
    this.logger.warn({ error: describeError(error) }, `cut a stream that ${reason}`);
  }
}
