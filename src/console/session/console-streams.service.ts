import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import type { ConsoleSession } from './console-session.service';
import { ConsoleSessionStore } from './console-session.store';

/** How often it is looked whether the sessions of open streams have ended: within 3 s nobody sees anything more. */
const INTERVAL_MS = 2_000;

/** Streams of events to browsers: they end with the session that opened them. */
@Injectable()
export class ConsoleStreams {
  private readonly open = new Map<ServerResponse, Buffer>();

  constructor(
    private readonly sessions: ConsoleSessionStore,
    jobs: BackgroundJobs,
  ) {
    jobs.addPeriodicRun('console-streams', {
      interval: INTERVAL_MS,
      run: () => this.check(),
      complaint: 'the sessions of open streams of the console were not looked up; the next run will',
    });
  }

  add({ tokenDigest }: ConsoleSession, response: ServerResponse): void {
    this.open.set(response, tokenDigest);
    response.once('close', () => this.open.delete(response));
  }

  /** One statement for all of them, and none when nobody watches. */
  private async check(): Promise<void> {
    if (this.open.size === 0) return;
    const live = new Set(
      (await this.sessions.live([...this.open.values()])).map((digest) => digest.toString('hex')),
    );
    for (const [response, digest] of this.open) if (!live.has(digest.toString('hex'))) response.destroy();
  }
}
