import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WorkLoop } from '../background/work-loop';
import { BackgroundJobs } from '../background/background-jobs';
import { ChannelListener } from '../database/channel-listener.service';
import { CLAIM_HEARTBEAT } from '../background/replica';
import { SyncClaimStore } from './cursor/sync-claim.store';
import type { SyncClaim } from './cursor/sync.types';
import { SyncService } from './sync.service';

const CONCURRENCY = 32;
const POLL_INTERVAL = 1_000;
const SHUTDOWN_TIMEOUT = 5_000;

/** Syncs what is due: woken by every hint, on this replica at once and on the others by a message. */
@Injectable()
export class SyncJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: WorkLoop<SyncClaim>;

  constructor(store: SyncClaimStore, sync: SyncService, channels: ChannelListener, loops: BackgroundJobs) {
    this.loop = new WorkLoop({
      name: 'sync',
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL,
      claim: (limit) => store.claim(limit),
      run: async (claim, signal) => this.loop.wakeIn((await sync.run(claim, signal)) ?? Infinity),
      heartbeat: { interval: CLAIM_HEARTBEAT, renew: (running) => store.renew(running) },
      logger: new Logger(SyncJob.name),
    });
    loops.add(this.loop);
    channels.on('inboxwire_sync', () => this.wake());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop(SHUTDOWN_TIMEOUT);
  }

  wake(): void {
    this.loop.wake();
  }
}
