import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key file of a service account that administers the project, as Google's console makes them. */
export async function adminKeyFile(): Promise<{ path: string; remove: () => Promise<void> }> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return credentialsFile({
    type: 'service_account',
    project_id: 'inboxwire-local',
    private_key_id: 'abc',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: 'admin@inboxwire-local.iam.gserviceaccount.com',
    client_id: '100',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}

/** What `gcloud auth application-default login` writes. */
export const USER_CREDENTIALS = {
  type: 'authorized_user',
  client_id: '764086051850-6qr4p6gpi6hn506pt8ejuq83di341hur.apps.googleusercontent.com',
  client_secret: 'd-FL95Q19q7MQmFpd7hHD0Ty',
  refresh_token: '1//refresh',
  quota_project_id: 'inboxwire-local',
  account: '',
};

/** What the console of Workload Identity Federation makes, for a provider whose token is in a file. */
export const externalAccount = (tokenFile: string) => ({
  type: 'external_account',
  audience:
    '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/ci/providers/oidc',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  credential_source: { file: tokenFile },
});

export async function credentialsFile(
  credentials: object,
): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'inboxwire-key-'));
  const path = join(directory, 'key.json');
  await writeFile(path, JSON.stringify(credentials));
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
