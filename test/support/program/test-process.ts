import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const MAIN = join(__dirname, '..', '..', '..', 'src', 'main.js');
const END_WITH_PARENT = join(__dirname, 'end-with-parent.js');
/** A first start makes a database; on a busy machine that takes its time. */
const START_DEADLINE = 90_000;

export interface ProcessOptions {
  /** The service's settings. Nothing else of the environment reaches it but what a program needs to run. */
  settings: Record<string, string>;
  /** Its working directory: one without a `.env`, which it would read. */
  directory: string;
  logFile: string;
}

/**
 * The built program as a process of its own. It is detached, so that Ctrl-C in the terminal reaches its parent alone,
 * which then ends it in good order; and it ends by itself when the parent is gone.
 */
export class TestProcess {
  /** Resolves with how it ended, when it has. */
  readonly ended: Promise<string>;
  /** The same, known at once; undefined while it runs. */
  endedWith: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    readonly logFile: string,
  ) {
    this.ended = new Promise((resolve) => {
      const end = (how: string) => resolve((this.endedWith = how));
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  static start({ settings, directory, logFile }: ProcessOptions): TestProcess {
    const log = openSync(logFile, 'w');
    const child = fork(MAIN, [], {
      cwd: directory,
      env: { ...bareEnvironment(), ...settings },
      execArgv: ['--enable-source-maps', '--require', END_WITH_PARENT],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return new TestProcess(child, logFile);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The port is opened last: whatever answers there, the service is ready. */
  async ready(origin: string): Promise<void> {
    const over = new AbortController();
    const failed = this.ended.then((how) => {
      throw new Error(`The gateway ended while starting (${how}).`);
    });
    try {
      await Promise.race([
        failed,
        answers(origin, AbortSignal.any([over.signal, AbortSignal.timeout(START_DEADLINE)])),
      ]);
    } finally {
      over.abort();
    }
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<string> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** A signal that it has no say in. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.child.kill(signal);
  }

  /** The last lines of its log. */
  logTail(lines = 15): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/** Settings of the caller's own shell, such as a DATABASE_URL, must not leak in. */
function bareEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'TZ', 'TMPDIR'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

async function answers(origin: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await fetch(`${origin}/health/live`, { signal });
      return;
    } catch {
      await delay(50);
    }
  }
  throw new Error(`${origin} does not answer.`);
}
