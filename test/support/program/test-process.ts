import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LogLine, logLines } from '../observability/log-lines';
import { COMPILE_CACHE } from './compile-cache';

/** Both are built, and this file may be source. */
const MAIN = join('dist', 'src', 'main.js');
const END_WITH_PARENT = join('dist', 'test', 'support', 'program', 'end-with-parent.js');
/** A first start makes a database; on a busy machine that takes its time. */
const START_DEADLINE_MS = 90_000;

/** An exit status, or the signal or error that ended a process. */
export type ProcessEnd = number | string;

/**
 * The built program as a process of its own, with these settings and no others. It is detached, so that Ctrl-C in the
 * terminal reaches its parent alone, which then ends it in good order; and it ends by itself when the parent is gone.
 */
export class TestProcess {
  /** What it has written so far; empty when that goes to a file. */
  output = '';
  /** Resolves with how it ended, when it has. */
  readonly ended: Promise<ProcessEnd>;
  /** The same, known at once; undefined while it runs. */
  endedWith: ProcessEnd | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string | undefined,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.ended = new Promise((resolve) => {
      const end = (how: ProcessEnd) => resolve((this.endedWith = how));
      child.once('error', (error) => end(error.message));
      child.once('close', (code, signal) => end(code ?? signal!));
    });
  }

  /**
   * @param directory its working directory: one without a `.env`, which it would read
   * @param logFile takes what it writes; without one that is kept in memory
   */
  static start(settings: Record<string, string>, directory: string, logFile?: string): TestProcess {
    const output = logFile === undefined ? 'pipe' : openSync(logFile, 'w');
    const child = fork(join(process.cwd(), MAIN), [], {
      cwd: directory,
      // No source maps are read: it starts faster.
      env: {
        ...bareEnvironment(),
        ...COMPILE_CACHE,
        MALLOC_ARENA_MAX: '2',
        ...settings,
        NODE_OPTIONS: nodeOptions(settings),
      },
      execArgv: ['--heap-growing-percent=40', '--require', join(process.cwd(), END_WITH_PARENT)],
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    if (typeof output === 'number') closeSync(output);
    return new TestProcess(child, logFile);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.endedWith !== undefined;
  }

  /** The lines of its log. */
  get lines(): LogLine[] {
    return logLines(this.output.split('\n').filter((line) => line.startsWith('{')));
  }

  /** The port is opened last: whatever answers there, the service is ready. */
  async ready(origin: string): Promise<void> {
    const over = new AbortController();
    const failed = this.ended.then((how) => {
      throw new Error(`The program ended while starting (${describeEnd(how)}).`);
    });
    try {
      await Promise.race([
        failed,
        answers(origin, AbortSignal.any([over.signal, AbortSignal.timeout(START_DEADLINE_MS)])),
      ]);
    } finally {
      over.abort();
    }
  }

  /** Sends it a signal. @returns how it ended, once it has */
  signal(signal: NodeJS.Signals): Promise<ProcessEnd> {
    this.child.kill(signal);
    return this.ended;
  }

  /** The last lines of its log. */
  logTail(lines = 15): string {
    const log = this.logFile === undefined ? this.output : readFileSync(this.logFile, 'utf8');
    return log.trimEnd().split('\n').slice(-lines).join('\n');
  }
}

export function describeEnd(end: ProcessEnd): string {
  return typeof end === 'number' ? `exit code ${end}` : end;
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

/** As the image starts it, or its memory would be another. What a test sets comes last, and wins. */
function nodeOptions({ NODE_OPTIONS = '' }: Record<string, string>): string {
  return `--max-semi-space-size=16 ${NODE_OPTIONS}`;
}
