import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeEnd, type ProcessEnd, TestProcess } from '../support/program/test-process';

/** A line of pino's at the level of errors, or above. */
const ERROR = /^\{"level":(50|60),/;

/** One place where a gateway runs, again and again. Its log of each life is a file of its own. */
export class Replica {
  /** Lives that ended without being asked to, which none should. */
  readonly crashes: string[] = [];
  private process: TestProcess | undefined;
  private toldToEnd = false;
  private lives = 0;

  constructor(
    readonly name: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
    private readonly directory: string,
  ) {}

  /** Begins a life, and does not wait until it is ready. */
  start(): void {
    const logFile = this.logOf(++this.lives);
    const { settings, directory } = this;
    this.toldToEnd = false;
    const process = (this.process = TestProcess.start(settings, directory, logFile));
    void process.ended.then((how) => {
      if (this.process === process && !this.toldToEnd)
        this.crashes.push(`${this.name}: ${describeEnd(how)}, ${logFile}`);
    });
  }

  async ready(): Promise<void> {
    await this.process!.ready(`http://127.0.0.1:${this.port}`);
  }

  async kill(): Promise<void> {
    this.toldToEnd = true;
    await this.process!.signal('SIGKILL');
  }

  /** SIGTERM. @returns how it ended; 0 when all is well */
  stop(): Promise<ProcessEnd> {
    this.toldToEnd = true;
    void this.process!.signal('SIGCONT');
    return this.process!.signal('SIGTERM');
  }

  /** It stops in its tracks, claims and transactions in hand, and knows nothing of it: a paused virtual machine. */
  freeze(): void {
    void this.process!.signal('SIGSTOP');
  }

  thaw(): void {
    void this.process!.signal('SIGCONT');
  }

  /** What it has logged as an error in any life: no fault of a run is one of the program. */
  async errors(): Promise<string[]> {
    const logs = await Promise.all(
      Array.from({ length: this.lives }, (_, n) => readFile(this.logOf(n + 1), 'utf8')),
    );
    return logs.flatMap((log) => log.split('\n').filter((line) => ERROR.test(line)));
  }

  private logOf(life: number): string {
    return join(this.directory, `${this.name}.${life}.log`);
  }

  /** Whether it has ended by itself; then it is started again, as any supervisor would. */
  get isDown(): boolean {
    return this.process?.hasEnded === true;
  }
}
