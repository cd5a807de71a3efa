import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../background/replica';
import type { WorkLoop } from '../background/work-loop';
import { ChannelListener } from '../database/channel-listener.service';
import { HintService } from './hint.service';
import { SyncClaimStore } from './cursor/sync-claim.store';
import type { SyncClaim } from './cursor/sync.types';
import { SyncLanes } from './sync-lanes';
import { SyncService } from './sync.service';

const POLL_INTERVAL_MS = 1_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

/** Syncs what is due: what a hint has handed over, and what it has woken this replica and the others for. */
@Injectable()
export class SyncJob {
  constructor(
    store: SyncClaimStore,
    sync: SyncService,
    hints: HintService,
    channels: ChannelListener,
    jobs: BackgroundJobs,
  ) {
    const lanes = new SyncLanes(() => loop.wake());
    const loop: WorkLoop<SyncClaim> = jobs.addLoop('sync', {
      concurrency: SyncLanes.maxRunning,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: () => lanes.claim((free) => store.claim(free)),
      run: (claim, signal) => lanes.run(claim, (place) => sync.run(claim, signal, place)),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: (running) => store.renew(running) },
    });
    hints.handOverTo({
      offer: () => (loop.isStopped ? 0 : lanes.reserve()),
      take: (offered, claims) => {
        lanes.release(offered);
        loop.begin(claims);
        // Others were not claimed meanwhile, because these places were kept.
        if (offered > 0 && lanes.mayNewsWait) loop.wake();
      },
    });
    channels.on('inboxwire_sync', () => loop.wake());
  }
}
