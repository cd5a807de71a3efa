import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../support/api-types';
import type { ChaosCluster } from './chaos-cluster';
import { PushesOfRenamed } from './pushes-of-renamed';

/** How long all may take to come right. Slow machines are patient machines; what is not there by then is lost. */
const PATIENCE = 150_000;
const LOOK_AGAIN = 250;
/** A back-off after many failures may be minutes: who is behind is asked to sync, as an operator would, so often (ms). */
const ASK_AGAIN = 3_000;
/** In which what comes twice would show itself. */
const SETTLED_FOR_MS = 1_500;

/** Waits until nothing is left to be done, and says what still is when patience has run out. */
export class Recovery {
  /** What had not come right in time. */
  readonly faults: string[] = [];
  private readonly deadline = Date.now() + PATIENCE;
  private askedAt = 0;

  constructor(
    private readonly cluster: ChaosCluster,
    private readonly interrupted: AbortSignal,
  ) {}

  /** @returns every event of the log, in its order */
  async await(): Promise<Event[]> {
    const { cluster } = this;
    await this.until('cursors at the end of the history', () => this.laggards());
    const pushes = new PushesOfRenamed(cluster);
    await pushes.send();
    await this.until('pushes under the addresses of renamed accounts', () => pushes.misdirected());
    await this.until('cursors at the end of the history', () => this.laggards());
    const events = await this.wholeLog();
    await this.until('webhooks to be taken', () =>
      Promise.resolve(
        cluster.receivers.reduce(
          (sum, receiver) => sum + events.filter(({ id }) => !receiver.taken.has(id)).length,
          0,
        ),
      ),
    );
    await this.until('events to be polled', () =>
      Promise.resolve(events.length - cluster.poller.seen.length),
    );
    await delay(SETTLED_FOR_MS);
    return this.wholeLog();
  }

  private async laggards(): Promise<number> {
    const { api, google, mailboxes } = this.cluster;
    const { data } = await api.get('/v1/mailboxes?limit=500');
    const views = new Map(data.map((view) => [view.id, view]));
    const behind = mailboxes.filter(({ id, emailAddress }) => {
      const { emailAddress: known, sync } = views.get(id)!;
      return known !== emailAddress || BigInt(sync.historyId ?? 0) < BigInt(google.historyId(emailAddress));
    });
    if (Date.now() - this.askedAt > ASK_AGAIN) {
      this.askedAt = Date.now();
      for (const { id } of behind) await api.post(`/v1/mailboxes/${id}/sync`, undefined, 202);
    }
    return behind.length;
  }

  private async wholeLog(): Promise<Event[]> {
    const { api, postgres } = this.cluster;
    let events: Event[] = [];
    await this.until('events to be shown', async () => {
      events = await api.events();
      return (await postgres.eventCount()) - events.length;
    });
    return events;
  }

  private async until(what: string, left: () => Promise<number>): Promise<void> {
    for (;;) {
      // A replica that is still starting refuses; it is asked again.
      const count = await left().catch((error: unknown) => error);
      if (typeof count === 'number' && count <= 0) return;
      if (Date.now() > this.deadline || this.interrupted.aborted) {
        this.faults.push(`still waiting for ${what}: ${String(count)}`);
        return;
      }
      await delay(LOOK_AGAIN);
    }
  }
}
