import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { Keyring } from '../../common/keyring';
import { parseEncryptionKeys } from '../../config/encryption-keys';
import { sampleCiphertexts } from '../../encryption/ciphertext-sample.store';
import { type Check, failed, ok, skipped } from '../check';

/** What lasts; links and kept answers under a key that is gone end by themselves. */
const SECRETS = [
  { name: 'tokens of mailboxes', table: 'grants', owner: 'mailbox_id', column: 'refresh_token' },
  { name: 'secrets of endpoints', table: 'endpoint_secrets', owner: 'endpoint_id', column: 'secret' },
];

export const ENCRYPTION_KEYS_CHECK: Check = {
  name: 'encryption-keys',
  question: 'Can all secrets be read with ENCRYPTION_KEYS?',
  run: async ({ environment, database, installation }) => {
    const keys = parseEncryptionKeys((await keysOf(environment)) ?? '');
    if (keys === undefined)
      return skipped(
        'The keys of the service are not known here.',
        'Set ENCRYPTION_KEYS, or DATA_DIR in which the service keeps them.',
      );
    if ('absent' in database) return skipped('The database is not known.', database.absent.remedy);
    if (installation === null)
      return skipped('The database has no tables yet.', 'Start the service: it brings the tables.');
    const unreadable = await unreadableSecrets(database.dataSource, new Keyring(keys));
    if (unreadable.length === 0) return ok('Every kind of secret can be read.');
    return failed(
      `Cannot be read: ${unreadable.join('; ')}.`,
      'Put the key back into ENCRYPTION_KEYS, behind the first, and restart the service; nothing is lost.',
    );
  },
};

async function unreadableSecrets(dataSource: DataSource, keyring: Keyring): Promise<string[]> {
  const found = await Promise.all(
    SECRETS.map(async ({ name, column, ...table }) => {
      const sample = await sampleCiphertexts(dataSource, table, column);
      const shut = sample.filter(({ text, owner }) => !opens(keyring, text, owner));
      return shut.map(({ text }) => `${name} under key "${text.slice(0, text.lastIndexOf(':'))}"`);
    }),
  );
  return found.flat();
}

function opens(keyring: Keyring, text: string, owner: string): boolean {
  try {
    keyring.decrypt(text, owner);
    return true;
  } catch {
    return false;
  }
}

async function keysOf({
  ENCRYPTION_KEYS,
  DATABASE_URL,
  DATA_DIR = './.data',
}: Record<string, string | undefined>) {
  if (ENCRYPTION_KEYS || DATABASE_URL) return ENCRYPTION_KEYS;
  return readFile(resolve(DATA_DIR, 'encryption-keys'), 'utf8').then(
    (keys) => keys.trim(),
    () => undefined,
  );
}
