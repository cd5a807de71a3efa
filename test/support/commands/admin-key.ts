import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key file of a service account that administers the project, as Google's console makes them. */
export async function adminKeyFile(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'inboxwire-key-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const path = join(directory, 'key.json');
  const key = {
    type: 'service_account',
    project_id: 'inboxwire-local',
    private_key_id: 'abc',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'admin@inboxwire-local.iam.gserviceaccount.com',
    client_id: '100',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  await writeFile(path, JSON.stringify(key));
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
