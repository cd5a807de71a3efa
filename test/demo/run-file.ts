import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A gateway whose demo was killed ends by itself; it has 10 s for that. */
const LEFTOVER_DEADLINE_MS = 15_000;

interface Run {
  demo: number;
  program: number;
  google: string;
}

/** Notes which processes use the data directory, so that the next demo knows whether it is free. */
export class RunFile {
  constructor(private readonly path: string) {}

  /** Waits for what a killed demo has left running; refuses when another demo is at work here. */
  async waitUntilFree(): Promise<void> {
    const run = await this.read();
    if (!run) return;
    // A pid is given to another program one day; that it also listens at the same port is no accident.
    if (isAlive(run.demo) && (await answers(run.google)))
      throw new Error(`A demo is running on this data already (process ${run.demo}).`);
    const deadline = Date.now() + LEFTOVER_DEADLINE_MS;
    while (isAlive(run.program) && Date.now() < deadline) await delay(50);
  }

  write(run: Run): Promise<void> {
    return writeFile(this.path, JSON.stringify(run));
  }

  remove(): Promise<void> {
    return rm(this.path, { force: true });
  }

  private async read(): Promise<Run | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Run;
    } catch {
      return undefined;
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(origin, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  }
}
