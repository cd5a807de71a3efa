import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { describeError } from '../common/describe-error';
import { databaseTarget } from '../config/database-url';
import { DatabaseSettings } from '../config/settings';
import { type Channel, hasOtherListeners, joinListeners, listenOn, notifyNow } from './channel.store';
import { PoolClient } from './pool-client';
import { prepareSession, SERVICE_LIMITS } from './session.store';

const RECONNECT_DELAY_MS = 1_000;
/** How often the idle connection is tried, and how long its answer may take. */
const PROBE_INTERVAL_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/**
 * How often other replicas are notified at most. NOTIFY serialises the commits of the whole server, so there is one for many appends, on
 * this connection and in no transaction of theirs.
 */
const NOTIFY_INTERVAL_MS = 10;

/**
 * LISTEN on one connection of its own. When the connection breaks it is made again, and every listener is called once,
 * since messages may have been missed.
 */
@Injectable()
export class ChannelListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(ChannelListener.name);
  private readonly listeners = new Map<Channel, (() => void)[]>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private probing: NodeJS.Timeout | undefined;
  private lostAt: number | undefined;
  private stopped = false;
  /** Whether other replicas listen, as far as is known: nobody is notified without need, and nobody is forgotten. */
  private hasOthers = true;
  private readonly toNotify = new Set<Channel>();
  private notifying = false;
  /** Once it listens. A connection runs one statement at a time: each waits for the one before. */
  private ready: { client: Client; last: Promise<unknown> } | undefined;

  constructor(private readonly settings: DatabaseSettings) {}

  /** Calls back at each message of the channel. Register before the application has started. */
  on(channel: Channel, callback: () => void): void {
    this.listeners.set(channel, [...(this.listeners.get(channel) ?? []), callback]);
  }

  /**
   * Wakes those who listen to the channel: here at once, on other replicas within milliseconds, or as soon as there is a connection
   * again. Call after the commit. A message that is lost with this process costs them the time until their next poll.
   */
  notify(channel: Channel): void {
    this.call(channel);
    if (!this.hasOthers) return;
    this.toNotify.add(channel);
    void this.sendNotifications();
  }

  async onApplicationBootstrap(): Promise<void> {
    this.on('inboxwire_replicas', () => void this.lookForOthers());
    await this.connect();
    this.probing = setInterval(() => void this.lookForOthers(), PROBE_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.probing);
    await this.client?.end().catch(() => undefined);
  }

  private async sendNotifications(): Promise<void> {
    if (this.notifying) return;
    this.notifying = true;
    while (this.toNotify.size > 0 && this.ready) {
      const channels = [...this.toNotify];
      this.toNotify.clear();
      await this.run((client) => notifyNow(client, channels)).catch(() => undefined);
      await delay(NOTIFY_INTERVAL_MS);
    }
    this.notifying = false;
  }

  private async connect(): Promise<void> {
    const client = new PoolClient({
      ...databaseTarget(this.settings.url),
      application_name: 'inboxwire-listener',
      keepAlive: true,
      connectionTimeoutMillis: PROBE_TIMEOUT_MS,
      query_timeout: PROBE_TIMEOUT_MS,
    });
    // Its own come back too. Who listens here has been called already.
    client.on('notification', ({ channel, processId }) => {
      if (processId !== (client as unknown as { processID: number }).processID) this.call(channel as Channel);
    });
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client, new Error('the connection was closed')));
    this.client = client;
    try {
      await client.connect();
      await prepareSession(client, SERVICE_LIMITS);
      for (const channel of this.listeners.keys()) await listenOn(client, channel);
      await joinListeners(client);
      // Those who were there first learn of this one.
      await notifyNow(client, ['inboxwire_replicas']);
      this.hasOthers = true;
      this.ready = { client, last: Promise.resolve() };
      this.reportReturn();
      void this.sendNotifications();
      for (const channel of this.listeners.keys()) this.call(channel);
    } catch (error) {
      this.reconnect(client, error);
    }
  }

  private reconnect(lost: Client, error: unknown): void {
    if (this.stopped || this.client !== lost) return;
    this.client = this.ready = undefined;
    // Reported once for an outage, however long it lasts.
    if (this.lostAt === undefined)
      this.logger.warn(
        { error: describeError(error) },
        'the database is out of reach: requests get 503 and all work waits until it is back',
      );
    this.lostAt ??= performance.now();
    lost.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_DELAY_MS);
  }

  private reportReturn(): void {
    if (this.lostAt === undefined) return;
    const seconds = Math.round((performance.now() - this.lostAt) / 1_000);
    this.lostAt = undefined;
    this.logger.log({ seconds }, 'the database is back');
  }

  /**
   * Whether there are other replicas. Each that comes says so itself; that one has gone is found out from time to time,
   * together with whether the connection still answers: a server that went away silently leaves one on which nothing
   * ever comes.
   */
  private async lookForOthers(): Promise<void> {
    await this.run(async (client) => {
      this.hasOthers = await hasOtherListeners(client);
    }).catch(() => undefined);
  }

  /** One statement on the connection, after those before it. One that fails is the end of the connection. */
  private async run(statement: (client: Client) => Promise<void>): Promise<void> {
    const { ready } = this;
    if (!ready) return;
    const result = ready.last.then(() => statement(ready.client));
    ready.last = result.catch((error: unknown) => this.reconnect(ready.client, error));
    await result;
  }

  private call(channel: Channel): void {
    for (const callback of this.listeners.get(channel) ?? []) callback();
  }
}
