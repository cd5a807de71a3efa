import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDirectory } from './make-directory';

describe(makeDirectory, () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'inboxwire-directory-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it('makes it with those above it, and leaves one that is there', async () => {
    const path = join(directory, 'a', 'b', 'c');
    await Promise.all([makeDirectory(path), makeDirectory(path)]);
    await makeDirectory(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('says why a file, or a link to nothing, is none', async () => {
    await writeFile(join(directory, 'file'), '');
    await symlink(join(directory, 'nothing'), join(directory, 'link'));
    await expect(makeDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeDirectory(join(directory, 'link'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeDirectory(join(directory, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  (existsSync('/proc/self') ? it : it.skip)('gives up where nobody can make one', async () => {
    await expect(makeDirectory('/proc/none/a')).rejects.toMatchObject({ code: 'ENOENT', path: '/proc/none' });
  });
});
