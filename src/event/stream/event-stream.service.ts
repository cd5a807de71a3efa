import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { describeError } from '../../common/describe-error';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import { CursorExpiredError, StoppingError } from '../event.errors';
import type { EventFilter } from '../event.types';
import { LogPositionStore } from '../log/log-position.store';
import { CatchUpService } from './catch-up.service';
import { commentFrame } from './event-frame';
import { LogTailService, type TailSubscriber } from './log-tail.service';
import { StreamReader, type StreamSource, type StreamStart } from './stream-reader';

const HEARTBEAT_INTERVAL_MS = 15_000;
const RETRY_MS = 1_000;
/** When a replica stops, its clients spread over so much time in coming back. */
const RETRY_SPREAD_MS = 2_000;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
  // When a replica stops, nobody is to come back on the same connection.
  connection: 'close',
};

/** The readers of `GET /v1/events/stream` that are connected to this process. */
@Injectable()
export class EventStreamService implements OnModuleDestroy {
  private readonly logger = new Logger(EventStreamService.name);
  private readonly readers = new Set<StreamReader>();
  private stopping = false;

  constructor(
    private readonly catchUps: CatchUpService,
    private readonly positions: LogPositionStore,
    private readonly tail: LogTailService,
    private readonly mailboxes: MailboxReferenceService,
  ) {}

  /**
   * The headers that a stream would begin with.
   *
   * @throws CursorExpiredError when the log does not hold `after`; ValidationFailedError when there is no such mailbox
   */
  async headers(after: string | undefined, { mailboxId }: EventFilter): Promise<typeof HEADERS> {
    await this.mailboxes.require('mailboxId', mailboxId);
    if (after !== undefined) await this.positions.shown(after);
    return HEADERS;
  }

  /**
   * Begins a stream. Nothing has been answered yet when it throws.
   *
   * @param after the last event that the client has; undefined: it begins with the next one
   * @param begin takes the response over once it is clear that there is something to stream
   * @throws CursorExpiredError when the log does not hold `after`; ValidationFailedError when there is no such mailbox
   */
  async open(after: string | undefined, filter: EventFilter, begin: () => ServerResponse): Promise<void> {
    await this.mailboxes.require('mailboxId', filter.mailboxId);
    const from = after === undefined ? undefined : await this.positions.shown(after);
    const { subscriber, end } = await this.tail.join();
    if (this.stopping) {
      this.tail.leave(subscriber);
      throw new StoppingError();
    }
    const response = begin();
    const position = from ?? end;
    const reader = this.connect(response, { filter, position }, subscriber);
    response.writeHead(200, HEADERS);
    // Who named no event, or one that is not shown yet, must know where it begins: its connection may break before the first
    // one comes.
    const id = after !== undefined && after === position.id ? undefined : (position.id ?? '');
    response.write(commentFrame('connected', { retry: RETRY_MS, id }));
    subscriber.wake = () => reader.wake();
    reader.wake();
  }

  /** Ends the streams first of all, so that their readers are elsewhere while the rest stops. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    const readers = [...this.readers];
    for (const reader of readers) reader.end(RETRY_MS + Math.round(Math.random() * RETRY_SPREAD_MS));
    await Promise.all(readers.map(({ closed }) => closed));
  }

  private connect(response: ServerResponse, start: StreamStart, subscriber: TailSubscriber): StreamReader {
    const reader = new StreamReader(response, this.source(), start, (error) => this.report(error));
    this.readers.add(reader);
    const heartbeat = setInterval(() => reader.heartbeat(), HEARTBEAT_INTERVAL_MS);
    void reader.closed.then(() => {
      clearInterval(heartbeat);
      this.tail.leave(subscriber);
      this.readers.delete(reader);
    });
    return reader;
  }

  private source(): StreamSource {
    const { tail, catchUps } = this;
    return {
      get end() {
        return tail.end;
      },
      after: (position) => tail.after(position),
      page: (position, filter) => catchUps.page(position, filter),
    };
  }

  private report(error: unknown): void {
    const reason = error instanceof CursorExpiredError ? 'fell behind the retention' : 'cannot catch up';
    this.logger.warn({ error: describeError(error) }, `cut a stream that ${reason}`);
  }
}
