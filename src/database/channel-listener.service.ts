import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { describeError } from '../common/describe-error';
import { DatabaseSettings } from '../config/settings';

/** What replicas tell each other: that there is something to look for. A lost message costs time and nothing else. */
export type Channel = 'inboxwire_sync' | 'inboxwire_events' | 'inboxwire_snapshots' | 'inboxwire_api_keys';

const RECONNECT_AFTER = 1_000;
/** How often, in milliseconds, the idle connection is tried, and how long its answer may take. */
const PROBE_INTERVAL = 10_000;
const PROBE_TIMEOUT = 5_000;

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
  private probe: NodeJS.Timeout | undefined;
  private lostAt: number | undefined;
  private stopped = false;

  constructor(private readonly settings: DatabaseSettings) {}

  /** Calls back at each message of the channel. Register before the application has started. */
  on(channel: Channel, callback: () => void): void {
    this.listeners.set(channel, [...(this.listeners.get(channel) ?? []), callback]);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
    this.probe = setInterval(() => this.tryConnection(), PROBE_INTERVAL);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.probe);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.settings.url,
      application_name: 'inboxwire-listener',
      keepAlive: true,
      connectionTimeoutMillis: PROBE_TIMEOUT,
      query_timeout: PROBE_TIMEOUT,
    });
    client.on('notification', ({ channel }) => this.call(channel as Channel));
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client, new Error('the connection was closed')));
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      this.tellOfReturn();
      for (const channel of this.listeners.keys()) this.call(channel);
    } catch (error) {
      this.reconnect(client, error);
    }
  }

  private reconnect(lost: Client, error: unknown): void {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    // Said once for an outage, however long it lasts.
    if (this.lostAt === undefined)
      this.logger.warn(
        { error: describeError(error) },
        'the database is out of reach: requests get 503 and all work waits until it is back',
      );
    this.lostAt ??= performance.now();
    lost.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_AFTER);
  }

  private tellOfReturn(): void {
    if (this.lostAt === undefined) return;
    const seconds = Math.round((performance.now() - this.lostAt) / 1_000);
    this.lostAt = undefined;
    this.logger.log({ seconds }, 'the database is back');
  }

  /** A server that went away without a word leaves a connection on which nothing ever comes. */
  private tryConnection(): void {
    const { client } = this;
    client?.query('SELECT 1').catch((error: unknown) => this.reconnect(client, error));
  }

  private call(channel: Channel): void {
    for (const callback of this.listeners.get(channel) ?? []) callback();
  }
}
