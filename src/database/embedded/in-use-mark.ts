import { open, readFile, readlink, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseUnusableError } from '../database-unusable.error';

const BEAT_MS = 1_000;
/** How long nobody has renewed a mark that counts for nothing any more: ten times what a busy machine is late. */
const QUIET_MS = 10_000;

interface Seen {
  /** Which file of that name it is, and when it was renewed last. */
  version: string;
  system: string;
}

/**
 * A file beside the embedded database whose time is renewed while a service uses it. PostgreSQL knows by process ids that
 * another server is on its files, and these say nothing in another container or on another machine: two servers would
 * run on the same files, and destroy them.
 */
export class InUseMark {
  private readonly beat: NodeJS.Timeout;

  private constructor(private readonly file: string) {
    this.beat = setInterval(() => {
      const now = new Date();
      utimes(file, now, now).catch(() => undefined);
    }, BEAT_MS).unref();
  }

  /**
   * Takes the mark of a data directory. One that is left from another system, as by a container that was killed, is
   * watched for a while first.
   *
   * @param runsHere whether the server was found running on this system: nobody else has it then
   * @throws DatabaseUnusableError when a service of another system renews it
   */
  static async take(
    dataDirectory: string,
    runsHere: boolean,
    { system, quietMs = QUIET_MS }: { system?: string; quietMs?: number } = {},
  ): Promise<InUseMark> {
    const file = join(dataDirectory, 'postgres-in-use');
    const here = system ?? (await thisSystem());
    let tookOver = false;
    while (!(await create(file, here))) {
      const seen = await look(file);
      if (seen === undefined) continue;
      // Process ids have told already that no server runs here.
      if (runsHere || seen.system === here) break;
      if (!(await isQuiet(file, seen, quietMs))) throw inUse(dataDirectory);
      await rename(file, `${file}.old`).catch(() => undefined);
      tookOver = true;
    }
    // Another one may have found it quiet at the same moment, and have moved away what was just made.
    if (tookOver && !(await isStillOf(file, here))) throw inUse(dataDirectory);
    return new InUseMark(file);
  }

  /** Leaves it to the others that use the same server. */
  leave(): void {
    clearInterval(this.beat);
  }

  /** Takes it away: the server has stopped. */
  async remove(): Promise<void> {
    this.leave();
    await rm(this.file, { force: true });
    await rm(`${this.file}.old`, { force: true });
  }
}

/** @returns false when there is one */
async function create(file: string, system: string): Promise<boolean> {
  try {
    await writeFile(file, system, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Opened each time: a network file system asks its server for the time of a file then. */
async function look(file: string): Promise<Seen | undefined> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { ino, mtimeMs } = await handle.stat();
    return { version: `${ino} ${mtimeMs}`, system: await handle.readFile('utf8') };
  } finally {
    await handle.close();
  }
}

/** Whether nobody has renewed, replaced or removed it for so long. */
async function isQuiet(file: string, { version }: Seen, quietMs: number): Promise<boolean> {
  const end = performance.now() + quietMs;
  while (performance.now() < end) {
    await delay(Math.min(BEAT_MS / 2, quietMs));
    if ((await look(file))?.version !== version) return false;
  }
  return true;
}

async function isStillOf(file: string, system: string): Promise<boolean> {
  await delay(BEAT_MS / 2);
  return (await look(file))?.system === system;
}

/** The same for all whose process ids mean the same: on Linux since the same start, and within the same container. */
async function thisSystem(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function inUse(dataDirectory: string): DatabaseUnusableError {
  return new DatabaseUnusableError(
    `An Inboxwire in another container or on another machine uses DATA_DIR=${dataDirectory}, and two at once would destroy its database. ` +
      'Stop that one first (in Kubernetes: strategy Recreate), name another directory in DATA_DIR, or let both use a PostgreSQL that DATABASE_URL names.',
  );
}
