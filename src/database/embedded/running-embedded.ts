import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { platform } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The fifth line of `postmaster.pid` is the port (PostgreSQL, `src/include/utils/pidfile.h`: LOCK_FILE_LINE_PORT is 4 from 1). */
const PORT_LINE = 3;
/** How a server is started that has a data directory and a port. */
const SERVER = /postgres -D (.+?) -p \d+ /;

/** How to connect to the embedded PostgreSQL that another process runs; undefined when none does. Starts nothing. */
export async function runningEmbeddedUrl(dataDirectory: string): Promise<string | undefined> {
  try {
    const password = await readFile(resolve(dataDirectory, 'postgres-password'), 'utf8');
    const port = await portOfRunning(resolve(dataDirectory, 'postgres'));
    return port === undefined
      ? undefined
      : `postgres://inboxwire:${password.trim()}@127.0.0.1:${port}/inboxwire`;
  } catch {
    return undefined;
  }
}

/**
 * The port of the server that runs on these files; undefined when none does. That a process has the number of
 * `postmaster.pid` says nothing: numbers come again after a restart, in containers at once, and whoever was killed keeps its
 * number until its parent asks, which a program that is the first of its container may never do.
 */
export async function portOfRunning(directory: string): Promise<number | undefined> {
  const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const usedBy = SERVER.exec(await commandLine(Number(lines[0])))?.[1];
  if (usedBy === undefined || !(await isSame(usedBy, directory))) return undefined;
  return Number(lines[PORT_LINE]);
}

/** @returns empty when the process has ended */
async function commandLine(pid: number): Promise<string> {
  if (!(pid > 0)) return '';
  try {
    if (platform() === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

/** A directory that was moved while its server runs is taken for the same: the server goes on in it. */
async function isSame(one: string, other: string): Promise<boolean> {
  const place = await realpath(one).catch(() => undefined);
  return place === undefined || place === (await realpath(other));
}
