import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import { postgresBinaries } from '../../src/database/embedded/postgres-binaries';
import { commandAs, unprivilegedUser } from '../../src/database/embedded/unprivileged-user';
import { deadlocksIn } from '../support/database/deadlocks';

const run = promisify(execFile);

/** A PostgreSQL of this run's own, which crashes, comes back and loses its connections. */
export class ChaosPostgres {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly directory: string,
  ) {}

  static async start(directory: string): Promise<ChaosPostgres> {
    return new ChaosPostgres(await EmbeddedPostgres.start(directory), resolve(directory, 'postgres'));
  }

  get url(): string {
    return this.server.url;
  }

  /** As after a power cut: no connection is closed properly, nothing is written down, and the start recovers from the log. */
  async crashAndRestart(): Promise<void> {
    const { pg_ctl } = await postgresBinaries();
    // Without `-l` the server would keep this process's pipe, and the command would never end.
    const log = ['-l', this.log];
    const args = ['-D', this.directory, 'restart', '-m', 'immediate', '-w', '-t', '60', ...log];
    const paths = [resolve(this.directory, 'PG_VERSION')];
    const line = commandAs(unprivilegedUser(), pg_ctl, args, paths);
    await run(line.command, line.args, { ...line.options, cwd: '/' });
  }

  /** As in a fail-over: every connection breaks, in the middle of whatever it was doing. */
  async resetConnections(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
  }

  /** How many events are in the log, hidden ones included. */
  async eventCount(): Promise<number> {
    return this.count('SELECT count(*)::int AS count FROM events');
  }

  async unfinishedSnapshots(): Promise<number> {
    const text = 'SELECT count(*)::int AS count FROM mailbox_snapshots WHERE build_at IS NOT NULL';
    return this.count(text);
  }

  /** The tables in which a text is, anywhere. */
  async tablesWith(text: string): Promise<string[]> {
    const rows = await this.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND query_to_xml(
         format('SELECT 1 FROM %I kept WHERE kept::text LIKE %L LIMIT 1', tablename, '%${text}%'), true, false, ''
       )::text LIKE '%<row%'`,
    );
    return rows.map(({ name }) => name);
  }

  /** What it has logged of statements that waited for each other, one line for each line there. */
  async deadlocks(): Promise<string[]> {
    return deadlocksIn(await readFile(this.log, 'utf8'));
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private get log(): string {
    return resolve(this.directory, 'server.log');
  }

  private async count(statement: string): Promise<number> {
    const [row] = await this.query<{ count: number }>(statement);
    return row!.count;
  }

  private async query<Row extends object>(statement: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }
}
