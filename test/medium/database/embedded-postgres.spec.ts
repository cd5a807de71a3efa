import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DatabaseUnusableError } from '../../../src/database/database-unusable.error';
import { inDataDirectory } from '../../../src/database/embedded/data-directory';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { EmbeddedPostgresMissingError } from '../../../src/database/embedded/postgres-binaries';
import { eventually } from '../../support/eventually';

describe(EmbeddedPostgres.name, () => {
  let directory: string;
  const running: EmbeddedPostgres[] = [];
  const start = async () => {
    const server = await EmbeddedPostgres.start(directory);
    running.push(server);
    return server;
  };
  const query = async (url: string, text: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<object>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const postmasterPid = async () =>
    Number((await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  beforeAll(async () => {
    // A directory that only its owner may enter, as `mktemp -d` makes them.
    directory = join(await mkdtemp(join(tmpdir(), 'inboxwire-embedded-')), 'data');
  });
  afterAll(async () => {
    await running.at(-1)?.stop();
    await rm(join(directory, '..'), { recursive: true, force: true });
  });

  it('is made at the first start, and keeps its data', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(statSync(join(directory, 'postgres-password')).mode & 0o777).toBe(0o600);
  });

  it('adopts a server that was still running after the service had ended', async () => {
    const pid = await postmasterPid();
    const adopted = await start();
    expect(await postmasterPid()).toBe(pid);
    expect(await query(adopted.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('starts after a server that was killed and left its pid file', async () => {
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await eventually(() => !existsSync(`/proc/${pid}`));
    expect(existsSync(join(directory, 'postgres', 'postmaster.pid'))).toBe(true);
    const recovered = await start();
    expect(await postmasterPid()).not.toBe(pid);
    expect(await query(recovered.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is not stopped while another process uses it', async () => {
    const server = running.at(-1)!;
    const other = new Client({ connectionString: server.url });
    await other.connect();
    await server.stop();
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await other.end();
  });

  it('names DATA_DIR when it is a file, or below one', async () => {
    const file = join(directory, 'a-file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      const refused = inDataDirectory(place, () => EmbeddedPostgres.start(place));
      await expect(refused).rejects.toThrow(DatabaseUnusableError);
      await expect(refused).rejects.toThrow(/DATA_DIR=.*cannot be used. Name a directory/);
    }
  });

  it('names the remedy when the optional package has nothing for this machine', async () => {
    const arch = jest.spyOn(os, 'arch').mockReturnValue('mips');
    try {
      await expect(EmbeddedPostgres.start(directory)).rejects.toThrow(EmbeddedPostgresMissingError);
      await expect(EmbeddedPostgres.start(directory)).rejects.toThrow(
        /Set DATABASE_URL .* npm install --include=optional/,
      );
    } finally {
      arch.mockRestore();
    }
  });
});
