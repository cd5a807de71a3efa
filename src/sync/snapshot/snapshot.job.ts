import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WorkLoop } from '../../background/work-loop';
import { BackgroundJobs } from '../../background/background-jobs';
import { ChannelListener } from '../../database/channel-listener.service';
import { CLAIM_HEARTBEAT } from '../../background/replica';
import { SnapshotBuildService } from './snapshot-build.service';
import { SnapshotBuildStore, type SnapshotClaim } from './snapshot-build.store';

/** Few: nothing waits for a snapshot, and each is in memory. More than one, lest one that waits for its budget holds all up. */
const CONCURRENCY = 4;
const POLL_INTERVAL = 1_000;
const SHUTDOWN_TIMEOUT = 5_000;

/** Builds the snapshots that are due, in the background. */
@Injectable()
export class SnapshotJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: WorkLoop<SnapshotClaim>;

  constructor(
    store: SnapshotBuildStore,
    builds: SnapshotBuildService,
    channels: ChannelListener,
    loops: BackgroundJobs,
  ) {
    this.loop = new WorkLoop({
      name: 'snapshot',
      concurrency: CONCURRENCY,
      pollInterval: POLL_INTERVAL,
      claim: (limit) => store.claim(limit),
      run: (claim, signal) => builds.run(claim, signal),
      heartbeat: { interval: CLAIM_HEARTBEAT, renew: (running) => store.renew(running) },
      logger: new Logger(SnapshotJob.name),
    });
    loops.add(this.loop);
    channels.on('inboxwire_snapshots', () => this.loop.wake());
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop(SHUTDOWN_TIMEOUT);
  }
}
