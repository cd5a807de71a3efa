import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unprivilegedUser } from '../../../src/database/embedded/unprivileged-user';
import { eventually } from '../eventually';
import { freePort } from '../free-port';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);

/** Whether this machine has PgBouncer (Debian: `apt-get install pgbouncer`); without it tests of it are skipped. */
export const hasPgBouncer = PROGRAM !== undefined;

/** A PgBouncer with its defaults, in front of the server of a database. */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    /** How to connect through it to the database that it was started for. */
    readonly url: string,
  ) {}

  /** @param settings lines for its `[pgbouncer]` section, besides those that it needs to run at all */
  static async start(databaseUrl: string, settings = ''): Promise<PgBouncer> {
    const target = new URL(databaseUrl);
    const port = await freePort();
    const directory = await mkdtemp(join(tmpdir(), 'inboxwire-pgbouncer-'));
    const files = {
      'pgbouncer.ini': `
        [databases]
        * = host=${target.hostname} port=${target.port}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = ${port}
        unix_socket_dir =
        auth_file = ${directory}/users
        ${settings}`.replace(/^ +/gm, ''),
      users: `"${target.username}" "${target.password}"\n`,
    };
    const user = unprivilegedUser();
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    if (user)
      for (const path of [directory, ...Object.keys(files).map((name) => join(directory, name))])
        chownSync(path, user.uid, user.gid);
    const child = spawn(PROGRAM!, [join(directory, 'pgbouncer.ini')], { ...user, cwd: '/', stdio: 'ignore' });
    await eventually(() => accepts(port), { timeout: 10_000 });
    target.host = `127.0.0.1:${port}`;
    return new PgBouncer(child, directory, target.href);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
