import { type FollowOptions, type FollowedEvents, Inboxwire } from 'inboxwire-client';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { EventLogService } from '../../../src/event/log/event-log.service';
import type { EventType } from '../../../src/event/event.types';
import { createTestDatabase, type TestDatabase } from '../database/database';
import type { Event } from '../api-types';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { API_KEY, TestReplica, insertMailbox, type TestMailbox } from '../test-replica';
import { TcpProxy } from '../database/tcp-proxy';

type Respond = (request: Request) => Promise<Response> | Response;

/** A service with a log, and clients that reach it by a cable that can be pulled. */
export class FollowedLog {
  /** What `onRetry` of the clients was called with. */
  readonly retries: { error: unknown; delay: number }[] = [];
  /** The streams that the service has not seen the end of. */
  open = 0;
  /** The streams of which the first bytes have arrived, and the bytes of them all. */
  streams = 0;
  bytes = 0;
  private leaving = new AbortController();

  private constructor(
    readonly database: TestDatabase,
    public replica: TestReplica,
    readonly proxy: TcpProxy,
    readonly ada: TestMailbox,
    readonly port: number,
  ) {
    this.watch();
  }

  static async start(): Promise<FollowedLog> {
    const [database, port] = await Promise.all([createTestDatabase(), freePort()]);
    const replica = await TestReplica.start(database.url, { PORT: String(port) });
    const proxy = await TcpProxy.to('127.0.0.1', port);
    return new FollowedLog(database, replica, proxy, await insertMailbox(database.dataSource), port);
  }

  async startAgain(): Promise<void> {
    this.replica = await TestReplica.start(this.database.url, { PORT: String(this.port) });
    this.watch();
  }

  /** As if nothing had ever been appended. */
  async empty(): Promise<void> {
    await this.database.dataSource.query('DELETE FROM events');
  }

  async stop(): Promise<void> {
    this.leave();
    await this.proxy.cut();
    await this.replica.stop();
    await this.database.drop();
  }

  /** @param answer what answers its requests; the service unless said */
  client(answer: Respond = (request) => fetch(request)): Inboxwire {
    return new Inboxwire({
      baseUrl: `http://127.0.0.1:${this.proxy.port}`,
      apiKey: API_KEY,
      fetch: async (request) => this.counted(await answer(request as Request)),
    });
  }

  follow(options: FollowOptions = {}, client = this.client()): FollowedEvents {
    return client.followEvents({
      signal: this.leaving.signal,
      onRetry: (retry) => this.retries.push(retry),
      ...options,
    });
  }

  begin(options: FollowOptions = {}, client = this.client()) {
    return this.follow(options, client)[Symbol.asyncIterator]();
  }

  /** Ends what follows, and forgets what it has reported. */
  leave(): void {
    this.leaving.abort();
    this.leaving = new AbortController();
    this.retries.length = this.streams = this.bytes = 0;
  }

  /** Waits until so many streams have begun. */
  begun(streams: number): Promise<boolean> {
    return eventually(() => this.streams >= streams);
  }

  async list(): Promise<Event[]> {
    return (await this.replica.api('GET', '/v1/events?limit=500')).body.data;
  }

  /** Appends events of so many characters, and waits until the list shows them. */
  async append(
    count = 1,
    mailbox = this.ada,
    type: EventType = 'message.deleted',
    size = 1,
  ): Promise<Event[]> {
    const before = (await this.list()).length;
    const log = this.replica.application.get(EventLogService, { strict: false });
    const events = Array.from({ length: count }, () => ({ type, data: { text: 'x'.repeat(size) } }));
    await log.transaction(mailbox.id, (transaction) => transaction.append(events));
    const all = await eventually(() => this.list(), { until: ({ length }) => length === before + count });
    return all.slice(before);
  }

  private watch(): void {
    const server = this.replica.application.getHttpServer();
    server.on('request', ({ url }: IncomingMessage, response: ServerResponse) => {
      if (!url?.startsWith('/v1/events/stream')) return;
      this.open++;
      response.on('close', () => this.open--);
    });
  }

  private counted(response: Response): Response {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
    let first = true;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        if (first) this.streams++;
        first = false;
        this.bytes += chunk.length;
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body!.pipeThrough(counting), response);
  }
}
