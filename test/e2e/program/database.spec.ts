import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { eventually } from '../../support/eventually';
import { API_KEY } from '../../support/program/local-setup';
import { startProgramTest } from '../../support/program/program-test';
import { TcpProxy } from '../../support/database/tcp-proxy';

/** The built program, and what its database does to it from its start on. */
describe('dist/src/main.js and its database', () => {
  const test = startProgramTest();
  let { directory, database, port } = test;
  beforeAll(() => void ({ directory, database, port } = test));
  const { start, statusOf } = test;
  const isReady = async () => (await statusOf('/health/ready')) === 200;
  const url = (change: (url: URL) => void) => {
    const changed = new URL(database.url);
    change(changed);
    return changed.href;
  };

  it('waits at its start for a database that is out of reach, says so, and starts when it is there', async () => {
    const cable = await TcpProxy.to(new URL(database.url).hostname, Number(new URL(database.url).port));
    await cable.cut();
    const program = start({ DATABASE_URL: url((changed) => (changed.host = `127.0.0.1:${cable.port}`)) });
    await eventually(() => program.lines.filter(({ msg }) => msg === 'waiting for the database').length > 1, {
      timeout: 20_000,
    });
    expect(program.hasEnded).toBe(false);
    await cable.restore();
    await eventually(isReady, { timeout: 20_000 });
    expect(await program.signal('SIGTERM')).toBe(0);
    expect(program.lines.filter(({ level }) => level >= 50)).toEqual([]);
    await cable.cut();
  });

  // What else it refuses, and how each refusal reads, is in the medium tier: the program ends the same way for all.
  it('ends with 78 and says what to correct when the password is wrong', async () => {
    const program = start({ DATABASE_URL: url((changed) => (changed.password = 'wrong')) });
    expect(await program.ended).toBe(78);
    expect(program.output).toMatch(/user or the password.*DATABASE_URL/);
  });

  it('ends with 78 and names DATA_DIR when it is a file', async () => {
    const DATA_DIR = join(directory, 'a-file');
    await writeFile(DATA_DIR, '');
    const program = start({ DATA_DIR });
    expect(await program.ended).toBe(78);
    expect(program.output).toMatch(/DATA_DIR=.*cannot be used. Name a directory/);
  });

  (existsSync('/proc/self') ? it : it.skip)(
    'ends with 78 and names DATA_DIR when nobody can make it',
    async () => {
      const program = start({ DATA_DIR: '/proc/none/data' });
      expect(await program.ended).toBe(78);
      expect(program.output).toMatch(/DATA_DIR=\/proc\/none\/data cannot be used. Name a directory/);
    },
  );

  it('ends with 78 and says what is missing of its embedded PostgreSQL, and of a place for its first start', async () => {
    const DATA_DIR = join(directory, 'half');
    await mkdir(join(DATA_DIR, 'postgres'), { recursive: true });
    const half = start({ DATA_DIR });
    expect(await half.ended).toBe(78);
    expect(half.output).toMatch(/half\/postgres-password is missing.*Put it back from a backup/);
    const scratchless = start({ DATA_DIR: join(directory, 'first'), TMPDIR: join(directory, 'none') });
    expect(await scratchless.ended).toBe(78);
    expect(scratchless.output).toMatch(/Set TMPDIR to a directory in which this process may write/);
  });

  it('starts its embedded PostgreSQL again when that is killed, and goes on', async () => {
    const program = start({ DATA_DIR: join(directory, 'data') });
    const mailboxes = async () => {
      const headers = { authorization: `Bearer ${API_KEY}` };
      return (await fetch(`http://127.0.0.1:${port}/v1/mailboxes`, { headers })).status;
    };
    const returns = () => program.lines.filter(({ msg }) => msg === 'the embedded PostgreSQL is back').length;
    const postmasterPid = async () =>
      Number((await readFile(join(directory, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    try {
      await eventually(isReady, { timeout: 25_000 });
      for (let n = 0; n < 2; n++) {
        const pid = await postmasterPid();
        process.kill(pid, 'SIGKILL');
        await eventually(async () => (await mailboxes()) === 503, { timeout: 5_000 });
        await eventually(() => returns() === n + 1, { timeout: 20_000 });
        await eventually(async () => (await mailboxes()) === 200);
        await eventually(isReady);
        expect(await postmasterPid()).not.toBe(pid);
      }
      expect(program.lines.filter(({ level }) => level >= 50)).toEqual([]);
      expect(await program.signal('SIGTERM')).toBe(0);
    } finally {
      await program.signal('SIGKILL');
      await (await EmbeddedPostgres.start(join(directory, 'data'))).stop();
    }
  }, 90_000);
});
