import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseUnusableError } from '../../../src/database/database-unusable.error';
import { EmbeddedPostgres } from '../../../src/database/embedded/embedded-postgres';
import { InUseMark } from '../../../src/database/embedded/in-use-mark';

describe('A data directory that is shared with another container or machine', () => {
  let directory: string;
  const mark = () => join(directory, 'postgres-in-use');
  const marks: InUseMark[] = [];
  const take = async (system: string, quietMs?: number) => {
    const taken = await InUseMark.take(directory, false, { system, ...(quietMs && { quietMs }) });
    marks.push(taken);
    return taken;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'inboxwire-shared-'));
  });
  afterEach(async () => {
    marks.splice(0).forEach((taken) => taken.leave());
    await rm(directory, { recursive: true, force: true });
  });

  it('starts no second server on the files of one that another container runs, and says what to do', async () => {
    await take('another container');
    const refused = EmbeddedPostgres.start(directory);
    await expect(refused).rejects.toThrow(DatabaseUnusableError);
    await expect(refused).rejects.toThrow(/in another container.*DATA_DIR=.*Stop that one first/);
    expect(existsSync(join(directory, 'postgres'))).toBe(false);
  });

  it('goes to one of several that start at once', async () => {
    const starts = ['one', 'two', 'three'].map((system) => take(system, 2_500));
    const ends = await Promise.allSettled(starts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('goes to one of several that start at once after a container was killed', async () => {
    await writeFile(mark(), 'a killed container');
    const starts = ['one', 'two', 'three'].map((system) => take(system, 2_500));
    const ends = await Promise.allSettled(starts);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is free at once after a service that ended in good order, or was killed on the same machine', async () => {
    await (await take('another container')).remove();
    (await take('here')).leave();
    const long = 10_000_000;
    await take('here', long);
  });

  it('is free after a while when a container was killed, whatever its clock said', async () => {
    await writeFile(mark(), 'a killed container');
    const ahead = new Date(Date.now() + 3_600_000);
    await utimes(mark(), ahead, ahead);
    await take('here', 50);
  });
});
