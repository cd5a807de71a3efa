import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../api-types';
import { StreamClient, type StreamOptions } from './stream-client';

/** A client that comes back whenever its connection ends, wherever it likes, with the last id it knows. */
export class StreamFollower {
  readonly events: Event[] = [];
  connections = 0;
  private client: StreamClient | undefined;
  private lastEventId: string | undefined;
  private stopped = false;
  private readonly following: Promise<void>;

  /** @param origin where to connect next */
  constructor(
    private readonly origin: () => string,
    private readonly options: StreamOptions,
  ) {
    this.lastEventId = options.lastEventId;
    this.following = this.follow();
  }

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  /** Breaks the connection, in the middle of whatever it was carrying. */
  break(): void {
    this.client?.close();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.break();
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      const lastEventId = this.lastEventId;
      this.client = await StreamClient.open(this.origin(), { ...this.options, lastEventId }).catch(
        () => undefined,
      );
      if (!this.client) {
        await delay(20);
        continue;
      }
      this.connections++;
      // Taken over event by event: what came before a break counts, what came half does not.
      for (let taken = 0; ; await delay(5)) {
        this.events.push(...this.client.events.slice(taken));
        taken = this.client.events.length;
        this.lastEventId = this.client.lastEventId;
        if (this.client.endedBy !== undefined && taken === this.client.events.length) break;
      }
    }
  }
}
