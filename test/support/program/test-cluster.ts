import { tmpdir } from 'node:os';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { ApiClient } from '../api-client';
import type { Mailbox } from '../api-types';
import { nothingIsBuilt } from '../sync/background';
import { TestProcess } from './test-process';
import { connectMailbox } from '../connection/connect-mailbox';
import { createTestDatabase, type TestDatabase } from '../database/database';
import { eventually } from '../eventually';
import { freePort } from '../free-port';
import { InProcessReplica } from './in-process-replica';
import { API_KEY, environmentOf, pushToTest, startGoogle } from '../test-app';

export interface ClusterReplica {
  program: TestProcess;
  origin: string;
  api: ApiClient;
}

/**
 * Replicas on one database and one local Google: processes of the built program, and for those that nobody kills also
 * replicas in this process, which cost less. For tests that ask one replica and kill another; `BalancedCluster` is for what
 * clients of all of them notice.
 */
export class TestCluster {
  private readonly processes: TestProcess[] = [];
  private readonly inProcess: InProcessReplica[] = [];
  /** The one that pushes, links and callbacks reach. */
  private publicReplica: { readonly hasEnded: boolean } | undefined;

  private constructor(
    readonly google: LocalGoogle,
    readonly database: TestDatabase,
    private readonly publicPort: number,
    private readonly settings: Record<string, string>,
  ) {}

  /** Pushes, links and callbacks reach the first replica, and when that has ended the next one that is started. */
  static async create(settings: Record<string, string> = {}): Promise<TestCluster> {
    const [google, database, port] = await Promise.all([startGoogle(), createTestDatabase(), freePort()]);
    const origin = `http://127.0.0.1:${port}`;
    pushToTest(google, origin);
    return new TestCluster(google, database, port, settings);
  }

  /** Starts one more in this process. */
  async startInProcess(own: Record<string, string> = {}): Promise<InProcessReplica> {
    const { port, environment } = await this.nextEnvironment(own);
    const replica = await InProcessReplica.start(environment);
    this.inProcess.push(replica);
    if (port === this.publicPort) this.publicReplica = replica;
    return replica;
  }

  /** Starts one more as a process, and waits until it is ready. */
  async start(own: Record<string, string> = {}): Promise<ClusterReplica> {
    const replica = await this.spawn(own);
    const alive = () =>
      fetch(`${replica.origin}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(alive, { timeout: 25_000 });
    return replica;
  }

  /** What a start writes that comes to nothing: until it ends by itself, or has written this. */
  async outputOf(own: Record<string, string>, last?: string): Promise<string> {
    const { program } = await this.spawn(own);
    const over = () => (last === undefined ? program.hasEnded : program.output.includes(last));
    await eventually(over, { timeout: 25_000 });
    await program.signal('SIGTERM');
    return program.output;
  }

  private async spawn(own: Record<string, string>): Promise<ClusterReplica> {
    const { port, environment } = await this.nextEnvironment(own);
    const program = TestProcess.start(environment, tmpdir());
    this.processes.push(program);
    if (port === this.publicPort) this.publicReplica = program;
    const origin = `http://127.0.0.1:${port}`;
    return { program, origin, api: new ApiClient(origin, API_KEY) };
  }

  /** The port and the settings of the next replica: it is the public one when there is none. */
  private async nextEnvironment(own: Record<string, string>) {
    const isPublic = this.publicReplica?.hasEnded !== false;
    // At once, for another one may be started beside it.
    if (isPublic) this.publicReplica = { hasEnded: false };
    const port = isPublic ? this.publicPort : await freePort();
    const { PUBLIC_URL } = environmentOf(this.google, this.database, this.publicPort);
    const environment = { ...environmentOf(this.google, this.database, port), PUBLIC_URL };
    return { port, environment: { ...environment, ...this.settings, ...own } };
  }

  async connect(emailAddress: string, by: Pick<ClusterReplica, 'api'>): Promise<Mailbox> {
    if (!this.google.accounts().includes(emailAddress)) this.google.addAccount(emailAddress);
    const mailbox = await connectMailbox(this.google, by.api, emailAddress);
    await eventually(() => nothingIsBuilt(this.database, mailbox.id));
    return mailbox;
  }

  /** Keeps everybody from appending to this mailbox's log, and so from ending what is under way, until it is let go. */
  async holdLog(mailboxId: string): Promise<{ waiting(): Promise<number>; release(): Promise<void> }> {
    const runner = this.database.dataSource.createQueryRunner();
    await runner.query('SELECT pg_advisory_lock($1, hashtext($2))', [0x1b0e, mailboxId]);
    const waiting = async () => {
      const rows = await this.database.dataSource.query<unknown[]>(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = $1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        [0x1b0e],
      );
      return rows.length;
    };
    const release = async () => {
      await runner.query('SELECT pg_advisory_unlock_all()');
      await runner.release();
    };
    return { waiting, release };
  }

  async close(): Promise<void> {
    await this.google.stop();
    await Promise.all([
      ...this.processes.map((program) => program.signal('SIGKILL')),
      ...this.inProcess.map((replica) => replica.stop()),
    ]);
    await this.database.drop();
  }
}
