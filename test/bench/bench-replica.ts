import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import type { LocalGoogle } from '../../src/local-google/local-google';
import { Balancer } from '../chaos/balancer';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { TestProcess } from '../support/program/test-process';
import { localSettings, pushTo, startLocalGoogle } from '../support/program/local-setup';

/** Pub/Sub opens more connections than the twenty of the local Google's default when there is much to push. */
export const CONCURRENT_PUSHES = 100;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The built gateway with a PostgreSQL made for this run, which the other routes use too: one process of it, or several behind
 * one address. Interrupted, it puts all of it away.
 */
export class BenchReplica {
  private constructor(
    readonly google: LocalGoogle,
    readonly databaseUrl: string,
    readonly origin: string,
    readonly api: ApiClient,
    readonly apiKey: string,
    /** The process id of its PostgreSQL. */
    readonly postmaster: number,
    readonly program: TestProcess,
    /** What the program was started with. */
    readonly settings: Record<string, string>,
    /** The other processes, of which Pub/Sub's pushes reach each in turn. */
    private readonly others: readonly TestProcess[],
    private readonly putAway: () => Promise<void>,
  ) {}

  /**
   * @param own settings besides those that it needs
   * @param processes how many there are of it
   */
  static async start(own: Record<string, string> = {}, processes = 1): Promise<BenchReplica> {
    const directory = await mkdtemp(join(tmpdir(), 'inboxwire-bench-'));
    const postgres = await EmbeddedPostgres.start(directory);
    const [google, port] = await Promise.all([startLocalGoogle(), freePort()]);
    const apiKey = randomBytes(24).toString('base64url');
    const settings = {
      ...localSettings(google, port),
      DATABASE_URL: postgres.url,
      API_KEY: apiKey,
      ENCRYPTION_KEYS: `1:${randomBytes(32).toString('base64')}`,
      ...own,
    };
    const program = TestProcess.start(settings, directory, join(directory, 'replica.log'));
    const others: TestProcess[] = [];
    const ports = [port];
    const balancer = await Balancer.start(ports);
    const end = async () => {
      await Promise.all([program, ...others].map((one) => one.signal('SIGTERM')));
      await balancer.stop();
      await google.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
      for (const signal of SIGNALS) process.off(signal, interrupted);
    };
    let ended: Promise<void> | undefined;
    const putAway = () => (ended ??= end());
    // Ctrl-C through npm comes twice: the second one changes nothing.
    const interrupted = () => void putAway().finally(() => process.exit(1));
    for (const signal of SIGNALS) process.on(signal, interrupted);
    const origin = `http://127.0.0.1:${port}`;
    try {
      await program.ready(origin);
      while (ports.length < processes) {
        const another = await freePort();
        others.push(
          TestProcess.start(
            { ...settings, PORT: String(another) },
            directory,
            join(directory, `${another}.log`),
          ),
        );
        await others.at(-1)!.ready(`http://127.0.0.1:${another}`);
        ports.push(another);
      }
    } catch (error) {
      console.error(program.logTail());
      await putAway();
      throw error;
    }
    const url = `${processes > 1 ? balancer.origin : origin}/webhooks/gmail`;
    pushTo(google, origin, { url, concurrency: CONCURRENT_PUSHES });
    const api = new ApiClient(origin, apiKey);
    const pidFile = await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8');
    const postmaster = Number(pidFile.split('\n')[0]);
    return new BenchReplica(
      google,
      postgres.url,
      origin,
      api,
      apiKey,
      postmaster,
      program,
      settings,
      others,
      putAway,
    );
  }

  get pid(): number {
    return this.program.pid;
  }

  /** Of all processes. */
  get pids(): number[] {
    return [this.program, ...this.others].map(({ pid }) => pid);
  }

  stop(): Promise<void> {
    return this.putAway();
  }
}
