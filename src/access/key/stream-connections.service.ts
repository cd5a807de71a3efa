import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import type { Caller } from './caller';
import { ApiKeyCache } from './api-key-cache.service';

/** How often the keys of open streams are looked up: they may expire, and messages be lost. */
const INTERVAL_MS = 10_000;

/** Answers that last: they end when the key that opened them is revoked or expires. */
@Injectable()
export class StreamConnections {
  private readonly open = new Map<ServerResponse, Buffer>();

  constructor(
    private readonly keys: ApiKeyCache,
    listener: ChannelListener,
    jobs: BackgroundJobs,
  ) {
    // Registered after that of the keys, which is called first and forgets.
    listener.on('inboxwire_api_keys', () => void this.check());
    jobs.addPeriodicRun('stream-keys', {
      interval: INTERVAL_MS,
      run: () => this.check(),
      complaint: 'the keys of open streams were not looked up; the next run will',
    });
  }

  add({ digest }: Caller, response: ServerResponse): void {
    if (digest === null) return;
    this.open.set(response, digest);
    response.once('close', () => this.open.delete(response));
  }

  private async check(): Promise<void> {
    await Promise.all([...this.open].map(([response, digest]) => this.checkOne(response, digest)));
  }

  private async checkOne(response: ServerResponse, digest: Buffer): Promise<void> {
    try {
      if (!(await this.keys.find(digest))) response.destroy();
    } catch {
      // The database is away: the next run decides.
    }
  }
}
