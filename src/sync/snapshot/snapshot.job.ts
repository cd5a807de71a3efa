import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { CLAIM_RENEWAL_INTERVAL_MS } from '../../background/replica';
import { ChannelListener } from '../../database/channel-listener.service';
import { SnapshotBuildService } from './snapshot-build.service';
import { SnapshotBuildStore } from './snapshot-build.store';

/** Few: nothing waits for a snapshot. More than one, so that one that waits for its budget does not hold all up. */
const CONCURRENCY = 4;
const POLL_INTERVAL_MS = 1_000;
const SHUTDOWN_TIMEOUT_MS = 5_000;

/** Builds the snapshots that are due. */
@Injectable()
export class SnapshotJob {
  constructor(
    store: SnapshotBuildStore,
    builds: SnapshotBuildService,
    channels: ChannelListener,
    jobs: BackgroundJobs,
  ) {
    jobs.addLoop('snapshot', {
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL_MS,
      shutdownTimeout: SHUTDOWN_TIMEOUT_MS,
      claim: (limit) => store.claim(limit),
      run: (claim, signal) => builds.run(claim, signal),
      heartbeat: { interval: CLAIM_RENEWAL_INTERVAL_MS, renew: (running) => store.renew(running) },
    });
    channels.on('inboxwire_snapshots', () => jobs.wake('snapshot'));
  }
}
