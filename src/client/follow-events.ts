import type { Event } from './generated/types.gen.js';
import { readStream } from './read-stream.js';
import { isFinal, retryDelay, wait } from './retrying.js';

export interface FollowOptions {
  /**
   * The id of the last event that you have: what was appended after it comes. `'beginning'`: everything that the log
   * still holds. Left out: it begins with the next event.
   */
  after?: string | undefined;
  /** Events of these types only. */
  types?: readonly Event['type'][] | undefined;
  /** Events of this mailbox only. */
  mailboxId?: string | undefined;
  /** Aborting it ends the loop, also while it waits. */
  signal?: AbortSignal | undefined;
  /** Called whenever the connection is lost or cannot be made. `delay`: milliseconds until the next attempt. */
  onRetry?: ((retry: { error: unknown; delay: number }) => void) | undefined;
  /** Milliseconds without a sign of life, which comes every 15 s, after which a connection is given up. 45,000 unless said. */
  silenceLimit?: number | undefined;
}

/** What it needs of the API. */
export interface EventSource {
  /** The oldest event in the log. */
  oldest(signal: AbortSignal | undefined): Promise<Event | undefined>;
  stream(
    query: { types?: string; mailboxId?: string },
    lastEventId: string | undefined,
    signal: AbortSignal,
  ): Promise<{ response: Response }>;
}

/** Before the oldest event. The stream says so, too, when it begins in an empty log. */
const BEGINNING = '';
const SILENCE_LIMIT = 45_000;
/** Until the service says when it wants its clients back, in milliseconds. */
const RECONNECTION = 1_000;

/** The events of the log as they are appended, for one loop at a time. A loop begins where the one before has ended. */
export class FollowedEvents implements AsyncIterable<Event> {
  /** What was read last; undefined before it is known where to begin. */
  private last: string | undefined;
  private reconnection = RECONNECTION;
  private failures = 0;

  constructor(
    private readonly source: EventSource,
    private readonly options: FollowOptions,
  ) {
    this.last = options.after === 'beginning' ? BEGINNING : options.after;
  }

  /**
   * What to give as `after` to go on from here: the last event that was given, or a later one that the filter left out. So
   * a position that is kept stays in the log even when the filter lets nothing through for as long as events are kept.
   */
  get position(): string | undefined {
    return this.last || undefined;
  }

  /** @throws InboxwireProblem when going on makes no sense: 410 `cursor_expired`, 401, 403, 400 */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    const { signal, onRetry } = this.options;
    while (!signal?.aborted) {
      let reason: unknown = new Error('The service has ended the stream.');
      try {
        if (this.last === BEGINNING) yield* this.oldest();
        const overtaken = yield* this.connection();
        if (overtaken) continue;
      } catch (error) {
        if (!signal?.aborted && isFinal(error)) throw error;
        reason = error;
      }
      if (signal?.aborted) return;
      const delay = retryDelay(reason, this.failures++, this.reconnection);
      onRetry?.({ error: reason, delay });
      await wait(delay, signal);
    }
  }

  /** The stream begins after an event, so the first one of all has to be asked for. There may be none yet. */
  private async *oldest(): AsyncGenerator<Event, void, undefined> {
    const { signal, mailboxId, types } = this.options;
    const patience = AbortSignal.timeout(this.silenceLimit);
    const event = await this.source.oldest(signal ? AbortSignal.any([signal, patience]) : patience);
    if (!event) return;
    this.last = event.id;
    const wanted = types?.includes(event.type) ?? true;
    if (wanted && (mailboxId === undefined || mailboxId === event.mailbox?.id)) yield event;
  }

  /** @returns whether the log, which was empty when it was asked, no longer was when the stream began */
  private async *connection(): AsyncGenerator<Event, boolean, undefined> {
    const { signal, types, mailboxId } = this.options;
    const fromBeginning = this.last === BEGINNING;
    const query = { ...(types && { types: types.join(',') }), ...(mailboxId !== undefined && { mailboxId }) };
    const blocks = readStream((ended) => this.source.stream(query, this.position, ended), {
      silenceLimit: this.silenceLimit,
      signal,
      onOpen: () => (this.failures = 0),
      onRetry: (milliseconds) => (this.reconnection = milliseconds),
    });
    for await (const { id, data } of blocks) {
      if (signal?.aborted) return false;
      if (fromBeginning && this.last === BEGINNING && data === undefined && id !== BEGINNING) return true;
      this.last = id;
      if (data !== undefined) yield JSON.parse(data) as Event;
    }
    return false;
  }

  private get silenceLimit(): number {
    return this.options.silenceLimit ?? SILENCE_LIMIT;
  }
}
