import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from '../common/make-directory';
import { API_KEY_CHARACTERS, MIN_API_KEY_LENGTH } from './api-key-form';
import { acceptsEncryptionKeys } from './encryption-keys';
import { type SettingFault, SettingsError } from './settings.error';

const EXPECTED_API_KEY =
  'a key of at least 24 characters without spaces; without the file, a new one is made at the next start';

/**
 * The API key and the encryption keys that a start with the embedded database makes for itself, once.
 *
 * @throws SettingsError when a file has been changed into what is none
 */
export async function generatedSecrets(
  dataDirectory: string,
): Promise<{ apiKey: string; encryptionKeys: string }> {
  await makeDirectory(dataDirectory);
  const random = () => randomBytes(32);
  const [keyFile, encryptionFile] = [join(dataDirectory, 'api-key'), join(dataDirectory, 'encryption-keys')];
  const apiKey = await once(keyFile, () => `iwk_${random().toString('base64url')}`);
  const encryptionKeys = await once(encryptionFile, () => `1:${random().toString('base64')}`);
  const faults: SettingFault[] = [];
  if (apiKey.length < MIN_API_KEY_LENGTH || !API_KEY_CHARACTERS.test(apiKey))
    faults.push({ variable: keyFile, expected: EXPECTED_API_KEY });
  if (!acceptsEncryptionKeys(encryptionKeys))
    faults.push({ variable: encryptionFile, expected: 'what was generated: put it back from a backup' });
  if (faults.length > 0) throw new SettingsError(faults);
  return { apiKey, encryptionKeys };
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
