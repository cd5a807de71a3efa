import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../background/replica';
import type { WorkLoop } from '../background/work-loop';
import { ChannelListener } from '../database/channel-listener.service';
import { SyncClaimStore } from './cursor/sync-claim.store';
import type { SyncClaim } from './cursor/sync.types';
import { SyncLanes } from './sync-lanes';
import { SyncService } from './sync.service';

const POLL_INTERVAL_MS = 1_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

/** Syncs what is due: woken by every hint, on this replica at once and on the others by a message. */
@Injectable()
export class SyncJob {
  constructor(store: SyncClaimStore, sync: SyncService, channels: ChannelListener, jobs: BackgroundJobs) {
    const lanes = new SyncLanes(() => loop.wake());
    const loop: WorkLoop<SyncClaim> = jobs.addLoop('sync', {
      concurrency: SyncLanes.maxRunning,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: () => store.claim(lanes.free()),
      run: (claim, signal) => lanes.run(claim, (place) => sync.run(claim, signal, place)),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: (running) => store.renew(running) },
    });
    channels.on('inboxwire_sync', () => loop.wake());
  }
}
