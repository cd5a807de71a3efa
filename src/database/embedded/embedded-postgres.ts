import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isConnectionError } from '../../common/connection-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { makeDirectory } from '../../common/make-directory';
import { DatabaseUnusableError } from '../database-unusable.error';
import { ensureDatabase, isUsedByOthers } from './embedded-database.store';
import { InUseMark } from './in-use-mark';
import { explainInitdb } from './initdb.error';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries';
import { portOfRunning } from './running-embedded';
import { commandAs, giveTo, type UnprivilegedUser, unprivilegedUser } from './unprivileged-user';

const run = promisify(execFile);
const ROLE = 'inboxwire';
const DATABASE = 'inboxwire';
const ANSWER_POLL_INTERVAL_MS = 250;
const ANSWER_DEADLINE_MS = 60_000;

/**
 * A real PostgreSQL under `DATA_DIR`, for those who bring none: made at the first start, and run by `pg_ctl` in a
 * session of its own, so that neither Ctrl-C nor a SIGKILL of the service takes it down in the middle of a write. The
 * next start adopts a server that was left running.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly binaries: PostgresBinaries,
    private readonly directory: string,
    private readonly user: UnprivilegedUser | undefined,
    private readonly mark: InUseMark,
    /** How to connect, as the role that owns the database. */
    readonly url: string,
  ) {}

  /**
   * Starts the database below the directory, making it first when there is none.
   *
   * @throws EmbeddedPostgresMissingError, DatabaseUnusableError when a person has to act first, or an InboxwireError with what PostgreSQL said
   */
  static async start(dataDirectory: string): Promise<EmbeddedPostgres> {
    const binaries = await postgresBinaries();
    const user = unprivilegedUser();
    const directory = resolve(dataDirectory, 'postgres');
    const passwordFile = resolve(dataDirectory, 'postgres-password');
    await makeDirectory(dataDirectory);
    const runsHere = (await portOfRunning(directory)) !== undefined;
    const mark = await InUseMark.take(dataDirectory, runsHere);
    try {
      if (!existsSync(directory)) await initialise(binaries, directory, passwordFile, user);
      const password = await readPassword(passwordFile);
      const url = await open(binaries, directory, user, password);
      return new EmbeddedPostgres(binaries, directory, user, mark, url);
    } catch (error) {
      mark.leave();
      throw error;
    }
  }

  /**
   * Starts the server again where it was, when it has ended by itself.
   *
   * @throws InboxwireError with what PostgreSQL said
   */
  async revive(): Promise<void> {
    await launch(this.binaries, this.directory, this.user, Number(new URL(this.url).port));
  }

  /** Stops the server, unless another process of this data directory still uses it. */
  async stop(): Promise<void> {
    if (await isUsedByOthers(this.url)) return this.mark.leave();
    await pgCtl(this.binaries, this.directory, this.user, ['stop', '-m', 'fast', '-w', '-t', '30']);
    await this.mark.remove();
  }
}

/** Made beside its place and renamed into it, so that a start killed in the middle leaves no half database behind. */
async function initialise(
  binaries: PostgresBinaries,
  directory: string,
  passwordFile: string,
  user: UnprivilegedUser | undefined,
): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  giveTo(user, draft);
  const scratch = await makeScratch();
  const passwordCopy = join(scratch, 'password');
  try {
    await writeFile(passwordCopy, `${password}\n`, { mode: 0o600 });
    giveTo(user, scratch);
    giveTo(user, passwordCopy);
    const options = [
      '-U',
      ROLE,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      // In the order of C, with the upper and lower case of all letters.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      `--pwfile=${passwordCopy}`,
    ];
    await runAs(user, binaries.initdb, ['-D', draft, ...options], [draft]).catch((error: unknown) => {
      throw explainInitdb(error);
    });
    await rename(draft, directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new DatabaseUnusableError(
      `${file} is missing, and without it nobody gets into the database beside it. Put it back from a backup, or name an empty directory in DATA_DIR.`,
      error,
    );
  }
}

async function makeScratch(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'inboxwire-'));
  } catch (error) {
    throw new DatabaseUnusableError(
      `The first start needs a place for a temporary file, and ${tmpdir()} is none. Set TMPDIR to a directory in which this process may write.`,
      error,
    );
  }
}

/**
 * Starts the server unless it runs, and makes its database. One that runs may be recovering, or about to end: it is waited
 * for, and started when it has ended. @returns how to connect
 */
async function open(
  binaries: PostgresBinaries,
  directory: string,
  user: UnprivilegedUser | undefined,
  password: string,
): Promise<string> {
  for (const end = performance.now() + ANSWER_DEADLINE_MS; ; await delay(ANSWER_POLL_INTERVAL_MS)) {
    const port = await launch(binaries, directory, user, await freePort());
    const url = `postgres://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
    try {
      await ensureDatabase(url);
      return url;
    } catch (error) {
      if (performance.now() > end || !isConnectionError(error)) throw error;
    }
  }
}

/** Starts the server unless it runs. @returns its port, which is the one given when it did not run */
async function launch(
  binaries: PostgresBinaries,
  directory: string,
  user: UnprivilegedUser | undefined,
  port: number,
): Promise<number> {
  // Looked at again right before the file goes: another service of this directory may have started it meanwhile.
  const running = await portOfRunning(directory);
  if (running !== undefined) return running;
  const log = join(directory, 'server.log');
  // Left behind by one that was killed. PostgreSQL refuses to start while any process of its user has that number.
  await rm(join(directory, 'postmaster.pid'), { force: true });
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
  try {
    await pgCtl(binaries, directory, user, ['start', '-w', '-t', '60', '-l', log, '-o', options]);
  } catch (error) {
    // It recovers for longer than `pg_ctl` waits, or another service was quicker.
    const other = await portOfRunning(directory);
    if (other !== undefined) return other;
    const tail = (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(-6).join('\n');
    throw new InboxwireError(
      'embedded_postgres_failed',
      `The embedded PostgreSQL did not start. ${log} ends with:\n${tail}`,
      {
        cause: error,
      },
    );
  }
  return port;
}

function pgCtl(
  binaries: PostgresBinaries,
  directory: string,
  user: UnprivilegedUser | undefined,
  args: string[],
): Promise<void> {
  return runAs(user, binaries.pg_ctl, ['-D', directory, ...args], [join(directory, 'PG_VERSION')]);
}

async function runAs(
  user: UnprivilegedUser | undefined,
  program: string,
  args: string[],
  paths: string[],
): Promise<void> {
  const line = commandAs(user, program, args, paths);
  // The working directory must be one that the user may be in.
  await run(line.command, line.args, { ...line.options, cwd: '/' });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
