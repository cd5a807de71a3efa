import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceAccountKeyFile } from '../../../src/local-google/oauth/service-accounts';
import { createTestApp, startGoogle, type TestApp } from '../test-app';

export const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';

/** A service whose service account the administrator of a Workspace trusts. */
export interface WorkspaceApp extends TestApp {
  key: ServiceAccountKeyFile;
}

/** Writes a key file. @returns its path, and what removes it */
export async function writeKeyFile(content: unknown): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'inboxwire-key-'));
  const path = join(directory, 'key.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}

export async function createWorkspaceApp(settings: Record<string, string> = {}): Promise<WorkspaceApp> {
  const google = await startGoogle();
  const key = await google.serviceAccount([READONLY]);
  // What it names is none of Google's, and is not asked.
  const file = await writeKeyFile({ ...key, token_uri: 'https://token.example.com/' });
  const app = await createTestApp(
    { WATCH_RENEWAL_INTERVAL: '100ms', ...settings, GOOGLE_SERVICE_ACCOUNT_KEY: file.path },
    google,
  );
  const close = async () => {
    await app.close();
    await file.remove();
  };
  return { ...app, key, close };
}
