import { setTimeout as delay } from 'node:timers/promises';
import type { Event } from '../support/api-types';
import { isDue } from '../support/connection/check-erasure';
import { Backfills } from './backfills';
import { type ChaosCluster, DOOMED_ADDRESS, DOOMED_EXTERNAL_ID } from './chaos-cluster';
import type { ConnectedMailbox } from './connected-mailbox';
import { Erasures } from './erasures';
import { PushesOfRenamed } from './pushes-of-renamed';

/** How long all may take to come right. Slow machines are patient machines; what is not there by then is lost. */
const RECOVERY_TIMEOUT_MS = 150_000;
const POLL_INTERVAL_MS = 250;
/** A back-off after many failures may be minutes: who is behind is asked to sync, as an operator would, so often (ms). */
const RETRY_INTERVAL_MS = 3_000;
/** In which what comes twice would show itself. */
const SETTLED_FOR_MS = 1_500;

/** Waits until nothing is left to be done, and says what still is when patience has run out. */
export class Recovery {
  /** What had not come right in time. */
  readonly faults: string[] = [];
  private readonly deadline = Date.now() + RECOVERY_TIMEOUT_MS;
  private askedAt = 0;

  constructor(
    private readonly cluster: ChaosCluster,
    private readonly interrupted: AbortSignal,
  ) {}

  /** @returns every event of the log, in its order */
  async await(): Promise<Event[]> {
    const { cluster } = this;
    const { backfilled } = cluster;
    const erase = async () => this.backfill(await this.erase());
    await Promise.all([erase(), this.backfill([...backfilled]), this.sync()]);
    await this.until('cursors at the end of the history', () => this.laggards());
    const events = await this.wholeLog();
    await this.until('webhooks to be taken', () =>
      Promise.resolve(
        cluster.receivers.reduce(
          (sum, receiver) =>
            sum + events.filter((event) => isDue(event) && !receiver.taken.has(event.id)).length,
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

  private async sync(): Promise<void> {
    await this.until('cursors at the end of the history', () => this.laggards());
    const pushes = new PushesOfRenamed(this.cluster);
    await pushes.send();
    await this.until('pushes under the addresses of renamed accounts', () => pushes.misdirected());
  }

  /** Nothing of what is erased is left, and its accounts can be connected anew. @returns the new mailboxes */
  private async erase(): Promise<ConnectedMailbox[]> {
    const { api, doomed, google, postgres, tally } = this.cluster;
    const erasures = new Erasures(api, doomed, tally);
    await this.until('mailboxes to be erased', () => erasures.left());
    // While one is being erased, its account cannot be connected.
    if (this.faults.length > 0) return [];
    await google.pushesSettled();
    for (const name of [DOOMED_ADDRESS, DOOMED_EXTERNAL_ID])
      for (const table of await postgres.tablesWith(name))
        this.faults.push(`${name}… is in the table ${table}, and was erased`);
    return this.cluster.connectAnew();
  }

  /** One more of each, now that nothing fails: it reports what those before it have left. */
  private async backfill(mailboxes: readonly ConnectedMailbox[]): Promise<void> {
    const { api, tally } = this.cluster;
    const backfills = new Backfills(api, tally);
    const left = new Set(mailboxes);
    await this.until('backfills to begin', async () => {
      for (const mailbox of left) if (await backfills.ask(mailbox)) left.delete(mailbox);
      return left.size;
    });
    await this.until('backfills to end', () => backfills.running(mailboxes));
  }

  private async laggards(): Promise<number> {
    const { api, google, mailboxes } = this.cluster;
    const { data } = await api.get('/v1/mailboxes?limit=500');
    const views = new Map(data.map((view) => [view.id, view]));
    const behind = mailboxes.filter(({ id, emailAddress }) => {
      const { emailAddress: known, sync } = views.get(id)!;
      return known !== emailAddress || BigInt(sync.historyId ?? 0) < BigInt(google.historyId(emailAddress));
    });
    if (Date.now() - this.askedAt > RETRY_INTERVAL_MS) {
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
      await delay(POLL_INTERVAL_MS);
    }
  }
}
