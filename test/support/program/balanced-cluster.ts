import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Balancer } from '../../chaos/balancer';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { ApiClient } from '../api-client';
import type { Mailbox } from '../api-types';
import { TestProcess } from './test-process';
import { connectMailbox } from '../connection/connect-mailbox';
import { createTestDatabase, type TestDatabase } from '../database/database';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { API_KEY, localSettings, pushTo, SECRETS, startLocalGoogle } from './local-setup';

const HEALTH_INTERVAL_MS = 100;

/**
 * Replicas of the built program, each a process of its own, on one database and behind one address: for tests of what
 * clients and Pub/Sub notice while replicas end and start. In a `TestCluster` each replica has an address of its own.
 */
export class BalancedCluster {
  private healthChecks: NodeJS.Timeout | undefined;
  private readonly running: (TestProcess | undefined)[] = [];

  private constructor(
    readonly google: LocalGoogle,
    readonly database: TestDatabase,
    private readonly balancer: Balancer,
    readonly pushes: ReturnType<typeof pushTo>,
    private readonly ports: readonly number[],
    /** Those of the ports to which the balancer sends. */
    private readonly inRotation: number[],
    private readonly directory: string,
  ) {}

  static async start(size: number): Promise<BalancedCluster> {
    const [google, database, directory] = await Promise.all([
      startLocalGoogle(),
      createTestDatabase(),
      mkdtemp(join(tmpdir(), 'inboxwire-cluster-')),
    ]);
    const ports: number[] = [];
    while (ports.length < size) ports.push(await freePort());
    const ready: number[] = [];
    const balancer = await Balancer.start(ready);
    const pushes = pushTo(google, balancer.origin, { concurrency: 4 });
    const cluster = new BalancedCluster(google, database, balancer, pushes, ports, ready, directory);
    cluster.healthChecks = setInterval(
      () => ports.forEach((port) => void cluster.checkHealth(port)),
      HEALTH_INTERVAL_MS,
    );
    await Promise.all(ports.map((_, number) => cluster.startReplica(number)));
    return cluster;
  }

  get api(): ApiClient {
    return new ApiClient(this.balancer.origin, API_KEY);
  }

  /** Starts a replica in its place, and resolves when it is ready. */
  async startReplica(number: number): Promise<void> {
    const port = this.ports[number]!;
    const own = {
      PUBLIC_URL: this.balancer.origin,
      DATABASE_URL: this.database.url,
      ...SECRETS,
      // More mail than Google lets anybody read in a minute: its content would have to wait.
      MESSAGE_PAYLOAD: 'ids',
    };
    const settings = { ...localSettings(this.google, port), ...own };
    this.running[number] = TestProcess.start(settings, this.directory);
    await eventually(() => this.inRotation.includes(port), { timeout: 60_000 });
  }

  /** As load balancers do: who is not ready gets no new connections. */
  private async checkHealth(port: number): Promise<void> {
    const url = `http://127.0.0.1:${port}/health/ready`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    const at = this.inRotation.indexOf(port);
    if (answer?.status === 200 && at < 0) this.inRotation.push(port);
    if (answer?.status !== 200 && at >= 0) this.inRotation.splice(at, 1);
  }

  /** Ends a replica. @returns its exit status, or the signal that ended it */
  async end(number: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    const program = this.running[number]!;
    this.running[number] = undefined;
    const ended = program.signal(signal);
    void ended.then(() => this.checkHealth(this.ports[number]!));
    return ended;
  }

  connect(emailAddress: string): Promise<Mailbox> {
    this.google.addAccount(emailAddress);
    return connectMailbox(this.google, this.api, emailAddress, { labelIds: [] });
  }

  async close(): Promise<void> {
    clearInterval(this.healthChecks);
    await Promise.all(this.running.map(async (program) => program?.signal('SIGKILL')));
    await this.google.stop();
    await this.balancer.stop();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
