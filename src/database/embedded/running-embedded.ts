import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/** The fifth line of `postmaster.pid` is the port, counted from 0 the fourth. */
const PORT_LINE = 3;

/** How to connect to the embedded PostgreSQL that another process runs; undefined when none does. Starts nothing. */
export async function runningEmbeddedUrl(dataDirectory: string): Promise<string | undefined> {
  try {
    const [pidFile, password] = await Promise.all([
      readFile(resolve(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8'),
      readFile(resolve(dataDirectory, 'postgres-password'), 'utf8'),
    ]);
    const port = Number(pidFile.split('\n')[PORT_LINE]);
    return `postgres://inboxwire:${password.trim()}@127.0.0.1:${port}/inboxwire`;
  } catch {
    return undefined;
  }
}
