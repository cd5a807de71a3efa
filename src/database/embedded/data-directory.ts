import { resolve, sep } from 'node:path';
import { DatabaseUnusableError } from '../database-unusable.error';

/** What passes only when somebody changes something: it is no directory, belongs to others, takes no writes, or cannot be made. */
const FOR_A_PERSON = new Set([
  'EEXIST',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ELOOP',
  'ENAMETOOLONG',
]);

/**
 * Uses `DATA_DIR`.
 *
 * @throws DatabaseUnusableError when it is nothing that can be used, else what the use throws
 */
export async function inDataDirectory<T>(directory: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const { code = '', path } = error as NodeJS.ErrnoException;
    const isAboutIt = path !== undefined && (isWithin(path, directory) || isWithin(directory, path));
    if (!isAboutIt || !FOR_A_PERSON.has(code)) throw error;
    throw new DatabaseUnusableError(
      `DATA_DIR=${directory} cannot be used. Name a directory in which this process may write, or name a PostgreSQL in DATABASE_URL.`,
      error,
    );
  }
}

function isWithin(path: string, directory: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(directory)}${sep}`.replace(/\/+$/, sep));
}
