import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Client } from 'pg';
import { describeError } from '../common/describe-error';
import { DatabaseSettings } from '../config/settings';

/** What replicas tell each other: that there is work to look for. A lost message costs time and never work. */
export type Channel = 'inboxwire_sync' | 'inboxwire_events' | 'inboxwire_snapshots';

const RECONNECT_AFTER = 1_000;

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
  private stopped = false;

  constructor(private readonly settings: DatabaseSettings) {}

  /** Calls back at each message of the channel. Register before the application has started. */
  on(channel: Channel, callback: () => void): void {
    this.listeners.set(channel, [...(this.listeners.get(channel) ?? []), callback]);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.settings.url,
      application_name: 'inboxwire-listener',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('notification', ({ channel }) => this.call(channel as Channel));
    client.on('error', (error) => this.reconnect(client, error));
    client.on('end', () => this.reconnect(client, new Error('the connection was closed')));
    this.client = client;
    try {
      await client.connect();
      for (const channel of this.listeners.keys()) await client.query(`LISTEN ${channel}`);
      for (const channel of this.listeners.keys()) this.call(channel);
    } catch (error) {
      this.reconnect(client, error);
    }
  }

  private reconnect(lost: Client, error: unknown): void {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    this.logger.warn({ error: describeError(error) }, 'lost the listening connection; reconnecting');
    lost.end().catch(() => undefined);
    this.timer = setTimeout(() => void this.connect(), RECONNECT_AFTER);
  }

  private call(channel: Channel): void {
    for (const callback of this.listeners.get(channel) ?? []) callback();
  }
}
