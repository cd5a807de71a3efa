import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../../src/local-google/seeded-random';
import { Backfills } from './backfills';
import { Erasures } from './erasures';
import { GoogleFaults } from './google-faults';
import { MailboxOwners } from './mailbox-owners';
import { Renames } from './renames';
import type { Replica } from './replica';
import type { ChaosCluster } from './chaos-cluster';

const PUSH_CHAOS = { drop: 0.2, duplicate: 0.2, delay: 0.2, reorder: 0.2, holdMs: 2_000 };
/** Longer than a claim lasts: what a frozen replica held is others' when it thaws, and it does not know. */
const FROZEN_FOR_MS = 14_000;
/** The short run has no time for a freeze. */
const FREEZES_FROM_MS = 40_000;

/** How long (ms) a replica lives after it was ready. */
const LIFE = [2_000, 7_000] as const;

/** Milliseconds between two acts of an actor, at least and at most. */
type Pace = readonly [number, number];

/** Changes and every fault at once, until the time is over; then all is as it should be, and nothing has been waited for. */
export class FaultInjection {
  readonly googleFaults: GoogleFaults;
  /** What was done while it raged: a run in which nothing is done tests nothing. */
  done = { events: 0, webhooks: 0, addressChanges: 0 };
  private readonly owners: MailboxOwners;
  private readonly renames: Renames;
  private readonly backfills: Backfills;
  private readonly erasures: Erasures;
  private readonly over = new AbortController();
  private readonly faultsAreOver = once(this.over.signal, 'abort');
  private readonly failed: unknown[] = [];

  constructor(
    private readonly cluster: ChaosCluster,
    interrupted: AbortSignal,
  ) {
    const { google, mailboxes, doomed, tally, api } = cluster;
    this.owners = new MailboxOwners(google, [...mailboxes, ...doomed], cluster.random(1));
    this.backfills = new Backfills(api, tally);
    this.erasures = new Erasures(api, doomed, tally);
    this.renames = new Renames(google, mailboxes, cluster.random(6), tally);
    this.googleFaults = new GoogleFaults(google, cluster.random(2));
    interrupted.addEventListener('abort', () => this.over.abort());
  }

  async run(milliseconds: number): Promise<void> {
    this.unleash();
    const backfilled = [...this.cluster.backfilled, ...this.cluster.doomed];
    const timer = setTimeout(() => this.over.abort(), milliseconds);
    const actors = [
      this.repeat(1, [10, 70], () => this.owners.act()),
      this.repeat(3, [150, 450], () => this.googleFaults.armNext()),
      this.repeat(4, [300, 1_500], (random) => this.upsetGoogle(random)),
      ...this.cluster.replicas.map((replica, i) => this.killNowAndThen(replica, 10 + i)),
      this.repeat(5, [8_000, 14_000], (random) => this.upsetPostgres(random)),
      this.repeat(7, [500, 2_500], () => this.renames.act()),
      this.repeat(8, [300, 1_500], (random) => this.backfills.ask(random.pick(backfilled))),
      this.repeat(9, [1_500, 4_000], () => this.erasures.act()),
    ];
    if (milliseconds >= FREEZES_FROM_MS) actors.push(this.freezeOnce(milliseconds / 2));
    await Promise.all(actors);
    clearTimeout(timer);
    const { poller, receivers } = this.cluster;
    this.done = {
      events: poller.seen.length,
      webhooks: receivers[0]!.taken.size,
      addressChanges: poller.addressChanges,
    };
    if (this.failed.length > 0) throw this.failed[0];
    await this.calm();
  }

  private unleash(): void {
    const { google, pushes, receivers } = this.cluster;
    pushes.chaos = PUSH_CHAOS;
    Object.assign(google.switches, { strictRefreshMs: 30, latencyMs: 5, shuffleBatch: true });
    for (const receiver of receivers) receiver.failing = true;
  }

  private async calm(): Promise<void> {
    const { google, pushes, receivers, replicas } = this.cluster;
    pushes.chaos = {};
    google.faults.clear();
    Object.assign(google.switches, { emptyHistoryPages: 0 });
    for (const receiver of receivers) receiver.calm();
    for (const replica of replicas) if (replica.isDown) replica.start();
    await Promise.all(replicas.map((replica) => replica.ready()));
  }

  /**
   * Lives of a few seconds: the first one is killed, later ones are ended politely now and then. The next one begins at once or a little later, and is let
   * begin: a replica that is never ready does no work that a kill could interrupt.
   */
  private killNowAndThen(replica: Replica, actor: number): Promise<void> {
    let kills = 0;
    return this.repeat(actor, LIFE, async (random) => {
      if (this.frozen === replica) return;
      if (!replica.isDown) {
        const gently = random.chance(0.2) && kills > 0;
        if (!gently) kills += 1;
        this.cluster.tally.add(gently ? 'replica ended (SIGTERM)' : 'replica killed (SIGKILL)');
        await (gently ? replica.stop() : replica.kill());
        await delay(random.between(0, 1_000));
      }
      replica.start();
      await Promise.race([replica.ready(), this.faultsAreOver]);
    });
  }

  private frozen: Replica | undefined;

  private async freezeOnce(after: number): Promise<void> {
    const { replicas, tally } = this.cluster;
    await this.pause(after);
    const [replica] = replicas;
    if (this.over.signal.aborted || !replica || replica.isDown) return;
    this.frozen = replica;
    tally.add('replica frozen for longer than its claims last (SIGSTOP)');
    replica.freeze();
    await this.pause(FROZEN_FOR_MS);
    replica.thaw();
    this.frozen = undefined;
  }

  private async upsetPostgres(random: SeededRandom): Promise<void> {
    const { postgres, tally } = this.cluster;
    if (random.chance(0.6)) {
      tally.add('PostgreSQL crashed and restarted');
      await postgres.crashAndRestart();
    } else {
      tally.add('connections to PostgreSQL reset');
      await postgres.resetConnections();
    }
  }

  /** Not faults but moods: they come with no error, or with one that has a remedy. */
  private async upsetGoogle(random: SeededRandom): Promise<void> {
    const { google, tally, mailboxes } = this.cluster;
    const { emailAddress } = random.pick(mailboxes);
    switch (random.between(1, 6)) {
      case 1:
        tally.add('history lags behind its notification');
        return google.lagHistory(emailAddress, { calls: 2 });
      case 2:
      case 3:
        tally.add('access tokens die early (401)');
        return google.killAccessTokens(emailAddress);
      case 4:
        tally.add('history pages change their shape');
        google.switches.emptyHistoryPages = random.between(0, 1);
        google.switches.numericHistoryIds = random.chance(0.5);
        return;
      case 5: {
        const forgetful = mailboxes.filter(({ kind }) => kind === 'forgetful');
        tally.add('history has expired (404)');
        return google.expireHistory(random.pick(forgetful).emailAddress);
      }
      default:
        tally.add('Google signs with a new key');
        await google.rotateKeys();
    }
  }

  /** Acts at random moments until the faults is over. An actor that fails ends the faults: that is a fault of the test. */
  private async repeat(
    actor: number,
    [least, most]: Pace,
    act: (random: SeededRandom) => unknown,
  ): Promise<void> {
    const random = this.cluster.random(actor);
    try {
      for (;;) {
        await this.pause(random.between(least, most));
        if (this.over.signal.aborted) return;
        await act(random);
      }
    } catch (error) {
      this.failed.push(error);
      this.over.abort();
    }
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
  }
}
