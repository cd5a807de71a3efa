import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The built program as a process of its own, with these settings and no others. */
export class BuiltProgram {
  /** What it has written so far. */
  output = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Its exit status, or the signal that ended it. */
    readonly ended: Promise<number | string>,
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => (this.output += String(chunk)));
  }

  /** @param directory its working directory: one without a `.env`, which it would read */
  static start(settings: Record<string, string>, directory: string): BuiltProgram {
    const child = spawn(process.execPath, [join(process.cwd(), 'dist/src/main.js')], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
    return new BuiltProgram(child, ended);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The lines of its log. */
  get lines(): any[] {
    return this.output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  }

  signal(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}
