import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory, and those above it, unless it is there. Node's own `recursive` tries without end where a file system says
 * ENOENT of a directory whose parent is there, as /proc does.
 *
 * @throws what the system says, with the `path` that could not be made
 */
export async function makeDirectory(path: string): Promise<void> {
  const refused = await refusal(path);
  if (refused === undefined) return;
  if (refused.code !== 'ENOENT' || dirname(path) === path) throw refused;
  await makeDirectory(dirname(path));
  const again = await refusal(path);
  if (again !== undefined) throw again;
}

/** Makes one directory. @returns why it is not there afterwards */
async function refusal(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isThere ? undefined : (error as NodeJS.ErrnoException);
  }
}
