import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { runningEmbeddedUrl } from '../../../src/database/embedded/running-embedded';
import { unprivilegedUser } from '../../../src/database/embedded/unprivileged-user';
import { eventually } from '../../support/eventually';

/** What a server has left that was killed: the numbers of processes come again, in containers at once. */
describe('An embedded PostgreSQL that was killed', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  const others: ChildProcess[] = [];
  const pidFile = () => join(directory, 'postgres', 'postmaster.pid');
  const postmasterPid = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);
  const kill = async () => {
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await eventually(() => !existsSync(`/proc/${pid}`));
  };
  /** A process of PostgreSQL's user, so that PostgreSQL would take it for a server. @returns what it writes first */
  const processOfItsUser = (script: string) => {
    const other = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], ...unprivilegedUser() });
    others.push(other);
    return new Promise<string>((written) =>
      other.stdout.once('data', (text) => written(String(text).trim())),
    );
  };
  const leaveNumber = async (pid: string) =>
    writeFile(pidFile(), (await readFile(pidFile(), 'utf8')).replace(/^\d+/, pid));

  const refusal = async (url: string) => {
    const client = new Client({ connectionString: url });
    const refused = await client.connect().catch((error: { code?: string }) => error.code);
    await client.end().catch(() => undefined);
    return refused ?? 'none';
  };

  const refusals = async () =>
    (await readFile(join(directory, 'postgres', 'server.log'), 'utf8')).split('is shutting down').length;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inboxwire-stale-'));
    server = await EmbeddedPostgres.start(directory);
  });
  afterAll(async () => {
    others.forEach((other) => other.kill('SIGKILL'));
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is started although another process has its number by now', async () => {
    await kill();
    const pid = await processOfItsUser('echo $$; exec sleep 600');
    await leaveNumber(pid);
    expect(await runningEmbeddedUrl(directory)).toBeUndefined();
    server = await EmbeddedPostgres.start(directory);
    expect(String(await postmasterPid())).not.toBe(pid);
  });

  (existsSync('/proc/self') ? it : it.skip)(
    'is started again although nobody has asked for its end, as when the service is the first process of its container',
    async () => {
      await kill();
      // `sleep` takes the place of the parent, and never asks for the end of what it has started.
      const pid = await processOfItsUser('sleep 0 & echo $!; exec sleep 600');
      await leaveNumber(pid);
      await eventually(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '));
      await server.revive();
      expect(String(await postmasterPid())).not.toBe(pid);
      expect(await runningEmbeddedUrl(directory)).toBe(server.url);
    },
  );

  it('is waited for while it takes no connections, and started when it has ended', async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    const before = await postmasterPid();
    // It lets nobody in any more, and ends when the last client has gone.
    process.kill(before, 'SIGTERM');
    await eventually(() => refusal(server.url), { until: (code) => code === '57P03' });
    const refusedSoFar = await refusals();
    const started = EmbeddedPostgres.start(directory);
    await eventually(async () => (await refusals()) > refusedSoFar);
    await client.end();
    server = await started;
    expect(await postmasterPid()).not.toBe(before);
  });
});
