import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { LocalGoogle } from '../../src/local-google/local-google';
import { ApiClient } from '../support/api-client';
import { ChangeLedger } from '../support/sync/change-ledger';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { freePort } from '../support/free-port';
import { TestProcess } from '../support/program/test-process';
import { localSettings, historyStart, pushTo, startLocalGoogle } from '../support/program/local-setup';
import { type VerifiedDelivery, VerifyingReceiver } from '../support/delivery/verifying-receiver';
import { clearEarlierRuns } from './earlier-runs';
import { RunFile } from './run-file';

const DIRECTORY = resolve('.data', 'demo');
const API_KEY_FILE = join(DIRECTORY, 'api-key');
export const LOG_FILE = join(DIRECTORY, 'gateway.log');
const PORT = 3000;
export const ADDRESSES = ['ada@demo.example', 'grace@demo.example'];

/** All that runs: the local Google and the receiver in this process, the gateway and its PostgreSQL beside it. */
export class DemoSetup {
  readonly directory = DIRECTORY;
  readonly ledger: ChangeLedger;
  receiver!: VerifyingReceiver;
  api!: ApiClient;

  private constructor(
    readonly google: LocalGoogle,
    readonly program: TestProcess,
    readonly port: number,
    private readonly runFile: RunFile,
  ) {
    this.ledger = new ChangeLedger(google);
  }

  /** Starts the processes. They are there when it returns, and not ready yet: `open` waits for that. */
  static async start(): Promise<DemoSetup> {
    await mkdir(DIRECTORY, { recursive: true });
    const runFile = new RunFile(join(DIRECTORY, 'running.json'));
    await runFile.waitUntilFree();
    const [google, port] = await Promise.all([startLocalGoogle(), freePort(PORT)]);
    const program = TestProcess.start(
      { ...localSettings(google, port), DATA_DIR: DIRECTORY },
      DIRECTORY,
      LOG_FILE,
    );
    await runFile.write({ demo: process.pid, program: program.pid, google: google.origin });
    return new DemoSetup(google, program, port, runFile);
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isUsualPort(): boolean {
    return this.port === PORT;
  }

  /** Where everything is, for the header. */
  get places() {
    return {
      origin: this.origin,
      apiKeyFile: API_KEY_FILE,
      googleOrigin: this.google.origin,
      receiverUrl: this.receiver.url,
      logFile: LOG_FILE,
      addresses: ADDRESSES,
    };
  }

  /** Waits for the gateway, and puts away what earlier runs have left in it. */
  async open(report: (delivery: VerifiedDelivery) => void): Promise<string> {
    await this.program.ready(this.origin);
    const apiKey = (await readFile(API_KEY_FILE, 'utf8')).trim();
    this.api = new ApiClient(this.origin, apiKey);
    await clearEarlierRuns(this.api);
    this.receiver = await VerifyingReceiver.start(this.ledger, report);
    await this.receiver.register(this.api, 'The receiver of the demo');
    return apiKey;
  }

  /** Connects the mailboxes as their owners would, watching every label. */
  async connect(): Promise<void> {
    pushTo(this.google, this.origin);
    for (const address of ADDRESSES) {
      this.google.addAccount(address, { historyStart: historyStart() });
      await connectMailbox(this.google, this.api, address, { labelIds: [] });
    }
  }

  /** The gateway first: it returns its work while those that it talks to are still there. */
  async stop(): Promise<void> {
    await this.program.signal('SIGTERM');
    await this.receiver?.stop();
    await this.google.stop();
    await this.runFile.remove();
  }
}
