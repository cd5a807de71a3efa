import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The API key and the encryption keys that a start with the embedded database makes for itself, once. */
export async function generatedSecrets(
  dataDirectory: string,
): Promise<{ apiKey: string; encryptionKeys: string }> {
  await mkdir(dataDirectory, { recursive: true });
  const random = () => randomBytes(32);
  return {
    apiKey: await once(join(dataDirectory, 'api-key'), () => `iwk_${random().toString('base64url')}`),
    encryptionKeys: await once(
      join(dataDirectory, 'encryption-keys'),
      () => `1:${random().toString('base64')}`,
    ),
  };
}

/**
 * Reads the file, or makes it (mode 0600) when it is not there. It is linked into place whole, so that neither a
 * process that is killed in the middle nor one that starts at the same time leaves or sees half a secret.
 */
async function once(path: string, make: () => string): Promise<string> {
  const draft = `${path}.${process.pid}`;
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    await writeFile(draft, `${make()}\n`, { mode: 0o600, flush: true });
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(path, 'utf8')).trim();
}
