import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalGoogle } from '../../src/local-google/local-google';
import type { PushSubscription } from '../../src/local-google/pubsub/push-subscription';
import { SYSTEM_FILES } from '../../src/delivery/egress/system-names';
import { SeededRandom } from '../../src/local-google/seeded-random';
import { ApiClient } from '../support/api-client';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { NameServer } from '../support/delivery/name-server';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import type { ProcessEnd } from '../support/program/test-process';
import { localSettings, pushTo, startLocalGoogle } from '../support/program/local-setup';
import { Balancer } from './balancer';
import { ChaosPostgres } from './chaos-postgres';
import { ConnectedMailbox, type MailboxKind } from './connected-mailbox';
import { EventPoller } from './event-poller';
import { Replica } from './replica';
import { Tally } from './tally';
import { type ReceiverKind, UnreliableReceiver } from './unreliable-receiver';

export const MAILBOXES = 50;
/** Of so many, one has mail of before its connection, which is asked for; they are of all kinds. */
const WITH_OLD_MAIL = 7;
/** So many more are erased in the course of a run. */
const DOOMED = 5;
export const DOOMED_ADDRESS = 'doomed-';
export const DOOMED_EXTERNAL_ID = 'customer-';
const OLD_MESSAGES = 15;
const HOUR_MS = 3_600_000;
/** Of five mailboxes one watches its INBOX, and one has a history that expires; for the others every change is reported. */
const KINDS: readonly MailboxKind[] = ['plain', 'plain', 'plain', 'forgetful', 'inbox'];
/** Endpoints at names whose name server never answers: they get nothing, and nobody else may get it later for that. */
const SILENT_NAMES = ['one.silent.example', 'two.silent.example', 'three.silent.example'];
const USE_RESOLVER_CONFIG = join(process.cwd(), 'dist', 'test', 'chaos', 'use-resolver-config.js');
/** Watches are renewed all the time, and one that is refused for half a minute is still alive. */
const WATCH_LIFE_MS = 90_000;

/** The last one answers nothing at all until the faults are over, and must then get everything like the others. */
const RECEIVERS: readonly ReceiverKind[] = [
  { ordering: 'mailbox', hangs: false },
  { ordering: 'none', hangs: false },
  { ordering: 'mailbox', hangs: true },
];

/** The usual settings with their waits cut short. No delivery may die here: its waits outnumber all that can fail. */
const HURRIED = {
  RECONCILE_INTERVAL: '2s',
  WATCH_RENEWAL_INTERVAL: '1s',
  WATCH_RENEW_BEFORE: '60s',
  DELIVERY_RETRY_DELAYS: Array.from({ length: 200 }, () => '500ms').join(','),
};

/** A frozen replica takes a push and never answers: Pub/Sub soon tries again. */
const ACK_DEADLINE_MS = 3_000;

/** All that runs: Google, PostgreSQL and receivers in this process, the replicas beside it. */
export class ChaosCluster {
  readonly tally = new Tally();
  readonly mailboxes: ConnectedMailbox[] = [];
  /** Those of them whose messages of before the connection are asked for. */
  readonly backfilled: ConnectedMailbox[] = [];
  /** Those that are erased are no others'. */
  readonly doomed: ConnectedMailbox[] = [];
  readonly receivers: UnreliableReceiver[] = [];
  google!: LocalGoogle;
  pushes!: PushSubscription;
  postgres!: ChaosPostgres;
  replicas: Replica[] = [];
  api!: ApiClient;
  poller!: EventPoller;
  nameServer!: NameServer;
  private readonly oldMailSince = new Date(Date.now() - 2 * OLD_MESSAGES * HOUR_MS).toISOString();
  private balancer: Balancer | undefined;

  private constructor(
    readonly seed: number,
    readonly directory: string,
  ) {}

  static async start(seed: number, replicas: number): Promise<ChaosCluster> {
    const cluster = new ChaosCluster(seed, await mkdtemp(join(tmpdir(), 'inboxwire-chaos-')));
    try {
      await cluster.open(replicas);
      await cluster.connect();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** A stream of random numbers of its own for each actor: one that draws more often does not change the others' fate. */
  random(actor: number): SeededRandom {
    return new SeededRandom(this.seed * 1_000 + actor);
  }

  /** The replicas first: they return their work while those that they talk to are still there. @returns how they ended */
  async stop(): Promise<ProcessEnd[]> {
    await this.poller?.stop();
    const ends = await Promise.all(this.replicas.map((replica) => replica.stop()));
    await Promise.all([this.balancer?.stop(), ...this.receivers.map((receiver) => receiver.stop())]);
    await this.google?.stop();
    await this.nameServer?.stop();
    await this.postgres?.stop();
    return ends;
  }

  /** Forgets the run, its logs and its database. */
  async clear(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** The accounts of erased mailboxes are connected anew, and are new mailboxes with mail of before. */
  async connectAnew(): Promise<ConnectedMailbox[]> {
    const anew: ConnectedMailbox[] = [];
    for (const { emailAddress } of this.doomed) anew.push(await this.connectOne(emailAddress, 'plain'));
    this.mailboxes.push(...anew);
    this.backfilled.push(...anew);
    return anew;
  }

  private async connectOne(
    emailAddress: string,
    kind: MailboxKind,
    externalId?: string,
  ): Promise<ConnectedMailbox> {
    const labelIds = kind === 'inbox' ? ['INBOX'] : [];
    const session = { labelIds, ...(externalId && { externalId }) };
    const { id } = await connectMailbox(this.google, this.api, emailAddress, session);
    return new ConnectedMailbox(id, kind, this.google.mailbox(emailAddress), this.oldMailSince);
  }

  /** Mail of some days, some of which the filter of a watch shows. */
  private fill(emailAddress: string): void {
    for (let n = 0; n < OLD_MESSAGES; n++)
      this.google.deliver(emailAddress, {
        labelIds: n % 3 === 0 ? ['UNREAD'] : ['INBOX', 'UNREAD'],
        internalDate: Date.now() - (OLD_MESSAGES - n) * HOUR_MS,
      });
  }

  private async open(replicas: number): Promise<void> {
    this.postgres = await ChaosPostgres.start(this.directory);
    this.google = await startLocalGoogle(this.seed);
    this.nameServer = await NameServer.start();
    const ports: number[] = [];
    for (let i = 0; i < replicas; i++) ports.push(await freePort());
    this.balancer = await Balancer.start(ports);
    const { origin } = this.balancer;
    const apiKey = randomBytes(24).toString('base64url');
    const shared = {
      ...{ PUBLIC_URL: origin, DATABASE_URL: this.postgres.url, API_KEY: apiKey },
      ENCRYPTION_KEYS: `1:${randomBytes(32).toString('base64')}`,
      // Each replica looks names up as this process does, which is what the name server has changed.
      NODE_OPTIONS: `--require ${USE_RESOLVER_CONFIG}`,
      RESOLVER_CONFIG: SYSTEM_FILES.resolverConfig,
    };
    for (const [i, port] of ports.entries()) {
      const settings = { ...localSettings(this.google, port), ...shared, ...HURRIED };
      const replica = new Replica(`replica-${i + 1}`, port, settings, this.directory);
      replica.start();
      this.replicas.push(replica);
    }
    await Promise.all(this.replicas.map((replica) => replica.ready()));
    this.api = new ApiClient(origin, apiKey);
    this.poller = new EventPoller(this.api);
    this.pushes = pushTo(this.google, origin, { ackDeadlineMs: ACK_DEADLINE_MS });
  }

  /** Before anything fails: endpoints first, so that they get everything, then the mailboxes. */
  private async connect(): Promise<void> {
    for (const name of SILENT_NAMES) {
      this.nameServer.records[name] = 'silence';
      await this.api.post('/v1/endpoints', { url: `http://${name}/webhooks` }, 201);
    }
    for (const [i, { ordering, hangs }] of RECEIVERS.entries()) {
      const receiver = await UnreliableReceiver.start({ ordering, hangs }, this.random(100 + i), this.tally);
      this.receivers.push(receiver);
      await receiver.register(this.api);
    }
    this.google.switches.watchTtlMs = WATCH_LIFE_MS;
    for (let i = 0; i < MAILBOXES; i++) {
      const emailAddress = `box-${i}@chaos.example`;
      const kind = KINDS[i % KINDS.length]!;
      this.google.addAccount(emailAddress);
      if (i % WITH_OLD_MAIL === 0) this.fill(emailAddress);
      const mailbox = await this.connectOne(emailAddress, kind);
      this.mailboxes.push(mailbox);
      if (i % WITH_OLD_MAIL === 0) this.backfilled.push(mailbox);
    }
    for (let i = 0; i < DOOMED; i++) {
      const emailAddress = `${DOOMED_ADDRESS}${i}@chaos.example`;
      this.google.addAccount(emailAddress);
      this.fill(emailAddress);
      this.doomed.push(await this.connectOne(emailAddress, 'plain', `${DOOMED_EXTERNAL_ID}${i}`));
    }
    // From here on every gap can be repaired whole.
    await eventually(async () => (await this.postgres.unfinishedSnapshots()) === 0, { timeout: 60_000 });
    this.poller.start();
  }
}
